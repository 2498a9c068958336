// A council's identity provider: oidc-provider, with three accounts and no questions asked. Whose browser it is that comes is
// set by the test, as if they had typed their password here.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.env.NODE_PACKAGES;
if (!folder) throw new Error("NODE_PACKAGES is not set: start the tests with tests/oidc/run");
const { Provider } = createRequire(join(folder, "package.json"))("oidc-provider");

const ACCOUNTS = {
    known: { preferred_username: "ann.officer@council.example", email: "ann@council.example", email_verified: true },
    // Somebody else, to whom the name was given.
    successor: { preferred_username: "ann.officer@council.example" },
    apostrophe: { preferred_username: "sam.o'stranger@council.example" },
    stranger: { preferred_username: "sam.stranger@council.example" },
    nameless: {},
};

const signingKey = () => ({
    ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }),
    kid: randomBytes(8).toString("hex"),
    alg: "RS256",
    use: "sig",
});

const settings = (client, ways) => ({
    clients: [{ ...client, grant_types: ["authorization_code"], response_types: ["code"] }],
    jwks: { keys: [signingKey()] },
    cookies: { keys: [randomBytes(16).toString("hex")] },
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
    // The claims in the ID token itself, as councils' providers have them.
    conformIdTokenClaims: false,
    acrValues: ["second-factor"],
    clientAuthMethods: ways,
    // What we must not take, though the provider can sign so.
    enabledJWA: { idTokenSigningAlgValues: ["RS256", "HS256"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) }),
    // The council agreed for everybody.
    async loadExistingGrant({ oidc }) {
        const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
        grant.addOIDCScope("openid profile email");
        await grant.save();
        return grant;
    },
});

/** Starts one; `person` of what it gives is who comes next: `{ account, acr }`, or `{ error }`. */
export async function provider(port, client, ways = ["client_secret_basic"]) {
    const issuer = `http://127.0.0.1:${port}`;
    const oidc = new Provider(issuer, settings(client, ways));
    const running = { issuer, person: { account: "known" }, asked: [] };
    const answer = oidc.callback();
    const server = createServer(async (request, response) => {
        running.asked.push(request.url.split("?")[0]);
        if (!request.url.startsWith("/interaction/")) return answer(request, response);
        const { account, acr, error } = running.person;
        const result = error ? { error } : { login: { accountId: account, acr, remember: false } };
        await oidc.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    });
    await new Promise((done) => server.listen(port, "127.0.0.1", done));
    running.stop = () => {
        server.closeAllConnections();
        return new Promise((done) => server.close(done));
    };
    return running;
}
