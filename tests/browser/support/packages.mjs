// The packages of the lock file. `run` installs them outside the source tree and names the folder in NODE_PACKAGES.
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.env.NODE_PACKAGES;
if (!folder) throw new Error("NODE_PACKAGES is not set: start the tests with tests/browser/run");
const require = createRequire(join(folder, "package.json"));

export const { chromium } = require("playwright-core");
export const axe = require("axe-core");
export const { HtmlValidate, StaticConfigLoader } = require("html-validate");
