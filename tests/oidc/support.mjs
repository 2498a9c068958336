// A hearth that serves, and a browser as far as this needs one: cookies and redirects, by the rules that count here.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const work = process.env.WORK;
if (!work) throw new Error("WORK is not set: start the tests with tests/oidc/run");

export async function freePort() {
    const server = createServer();
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address();
    await new Promise((done) => server.close(done));
    return port;
}

/** Runs a command of hearth and gives what it prints. */
export const hearth = (data, ...args) =>
    execFileSync(join(work, "hearth"), ["--data", join(work, data), ...args], { encoding: "utf8", maxBuffer: 2 ** 30 });

export function inFile(name, text) {
    const path = join(work, name);
    writeFileSync(path, text);
    return path;
}

/** Serves; resolves once it listens. */
export async function serve(data, port, name, ...args) {
    const log = join(work, `${name}.log`);
    const url = `http://127.0.0.1:${port}`;
    const command = ["--data", join(work, data), "serve", "--listen", `127.0.0.1:${port}`, "--public-url", url, ...args];
    const child = spawn(join(work, "hearth"), command, { stdio: ["ignore", "pipe", openSync(log, "w")] });
    const ended = new Promise((done) => child.once("exit", done));
    await new Promise((done, failed) => {
        child.stdout.on("data", (text) => String(text).includes("listening on") && done());
        ended.then((status) => failed(new Error(`hearth serve ended with ${status}: ${readFileSync(log, "utf8")}`)));
    });
    const stop = async () => {
        child.kill("SIGTERM");
        await ended;
    };
    return { url, stop, log: () => readFileSync(log, "utf8") };
}

/** One browser: it keeps cookies by site as browsers do, whatever the port. */
export class Browser {
    cookies = new Map();

    /** One request, no redirect followed; `from` is the site that led here, where one did. */
    async get(url) {
        const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const response = await fetch(url, { redirect: "manual", headers: { accept: "text/html", ...(cookie && { cookie }) } });
        for (const text of response.headers.getSetCookie()) this.keep(text);
        const to = response.headers.get("location");
        return { status: response.status, to: to && new URL(to, url).href, text: await response.text(), headers: response.headers };
    }

    keep(text) {
        const [pair, ...said] = text.split(";").map((it) => it.trim());
        const name = pair.slice(0, pair.indexOf("="));
        const attributes = said.map((it) => it.toLowerCase());
        if (name.startsWith("__Host-")) {
            const is = (it) => attributes.includes(it);
            assert.ok(is("secure") && is("path=/") && !attributes.some((it) => it.startsWith("domain")), `a browser refuses ${name}`);
            assert.ok(is("httponly") && is("samesite=lax"), `${name} is for pages of ours alone`);
        }
        const gone = attributes.some((it) => it === "max-age=0" || (it.startsWith("expires=") && Date.parse(it.slice(8)) < Date.now()));
        if (gone) this.cookies.delete(name);
        else this.cookies.set(name, pair.slice(name.length + 1));
    }

    /** Follows redirects until one leads to where `stops` says, or there are no more; gives the address or the page. */
    async follow(url, stops = () => false) {
        let page = { to: url };
        for (let step = 0; page.to && !stops(page.to); step += 1) {
            assert.ok(step < 12, `redirected on and on, at last to ${page.to}`);
            const at = page.to;
            page = { ...(await this.get(at)), at };
        }
        return page;
    }
}
