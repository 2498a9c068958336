// What the headers of a page must say, so that a browser does nothing with it that we did not mean.

// Which sources a directive may name; one that is not listed may name none.
const MAY = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "data:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "manifest-src": ["'self'"],
  "form-action": ["'self'", "'none'"],
  "base-uri": ["'none'", "'self'"],
  "frame-ancestors": ["'none'"],
};
// What does not fall back to default-src must be there.
const MUST = ["default-src", "form-action", "base-uri", "frame-ancestors"];
// One line of our own making, known by its hash, is no hole; 'unsafe-inline' and a host are.
const HASH = /^'sha(256|384|512)-[A-Za-z0-9+/=]+'$/;

// A sentence for each fault.
export function headerFaults(headers) {
  const faults = [];
  const policy = headers["content-security-policy"];
  if (policy === undefined) return ["there is no Content-Security-Policy"];
  const directives = new Map();
  for (const directive of policy.split(";").map((it) => it.trim()).filter(Boolean)) {
    const [name, ...sources] = directive.split(/\s+/);
    directives.set(name, sources);
    for (const source of sources) {
      const known = MAY[name]?.includes(source) || (name === "script-src" && HASH.test(source));
      if (!known) faults.push(`Content-Security-Policy: ${name} may not name ${source}`);
    }
  }
  for (const name of MUST) {
    if (!directives.has(name)) faults.push(`Content-Security-Policy: there is no ${name}`);
  }
  const wanted = {
    "x-content-type-options": /^nosniff$/,
    // The address of a draft is its key: it may not go to another site, nor stay on a shared device.
    "referrer-policy": /^(no-referrer|same-origin)$/,
    "cache-control": /no-store/,
    "content-type": /^text\/html; ?charset=utf-8$/i,
  };
  for (const [name, pattern] of Object.entries(wanted)) {
    if (!pattern.test(headers[name] ?? "")) faults.push(`the header ${name} is ${headers[name] ?? "not there"}`);
  }
  if (headers["set-cookie"] !== undefined) faults.push("a cookie is set: these pages need none");
  return faults;
}
