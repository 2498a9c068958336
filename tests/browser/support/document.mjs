// What every page has to be, seen in the browser itself: title, heading, labels, errors, room.

// Runs in the page. A sentence for each fault.
function look() {
  const faults = [];
  const text = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const shown = (element) => element.getClientRects().length > 0;

  const headings = [...document.querySelectorAll("h1")].filter(shown);
  if (headings.length !== 1) faults.push(`${headings.length} h1 instead of one`);
  if (!document.documentElement.lang) faults.push("the page does not say its language");

  const errorPrefix = document.documentElement.lang.startsWith("cy") ? "Gwall: " : "Error: ";
  const summary = document.querySelector(".govuk-error-summary");
  if (!document.title.trim()) faults.push("the page has no title");
  if (Boolean(summary) !== document.title.startsWith(errorPrefix)) {
    faults.push(`the title is "${document.title}" ${summary ? "with" : "without"} an error summary`);
  }
  for (const link of summary?.querySelectorAll("ul a") ?? []) {
    const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) faults.push(`the error "${text(link)}" does not lead to a field`);
    // Where answers are checked before they are sent, it leads to a row of the list instead.
    if (!field?.matches("input, select, textarea")) continue;
    const beside = [...document.querySelectorAll(".govuk-error-message")].some((it) => text(it).endsWith(text(link)));
    if (!beside) faults.push(`the error "${text(link)}" is not said beside its field in the same words`);
  }

  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const name = field.name || field.id;
    if (![...field.labels].some((label) => text(label))) faults.push(`the field ${name} has no label`);
    if (field.required) faults.push(`the field ${name} is "required": the server says what is missing, in our words`);
    if (field.type === "radio" && !text(field.closest("fieldset")?.querySelector("legend") ?? document.createElement("i"))) {
      faults.push(`the choice ${name} is in no fieldset with a legend`);
    }
  }
  for (const form of document.forms) {
    if (form.method === "post" && !form.noValidate) faults.push(`the form ${form.action} lets the browser validate in its own words`);
  }
  for (const image of document.images) {
    if (image.complete && image.naturalWidth === 0) faults.push(`the image ${image.src} is broken`);
  }

  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const widest = [...document.body.querySelectorAll("*")].find((it) => it.getBoundingClientRect().right > clientWidth + 0.5);
    const what = widest ? ` (<${widest.localName} class="${widest.className}">)` : "";
    faults.push(`at ${innerWidth} px the page is ${scrollWidth} px wide${what}`);
  }
  return faults;
}

export const documentFaults = (page) => page.evaluate(look);
