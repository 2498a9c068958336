// Finds what an answer belongs to, the way a person does: by its label or its legend; or by its name.
import assert from "node:assert/strict";

// Runs in the page. What a key stands for: of each field what it is and what it is called. No key stands for them all.
function find(key) {
  const text = (element) => element?.textContent.replace(/\s+/g, " ").trim();
  const labels = (field) => [...field.labels].map(text);
  const all = [...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)")];
  const under = (field) => {
    for (let set = field.closest("fieldset"); set; set = set.parentElement.closest("fieldset")) {
      if (text(set.querySelector("legend")) === key) return true;
    }
    return false;
  };
  const named = all.filter((field) => field.name === key);
  const labelled = all.filter((field) => labels(field).includes(key));
  const fields = key === null ? all : [named, labelled, all.filter(under)].find((it) => it.length > 0) ?? [];
  return fields.map((field) => ({
    kind: field.matches("select") ? "select" : field.type,
    value: field.value,
    labels: labels(field),
    id: field.id,
  }));
}

// What to do to which fields, so that the page's question `key` has this answer:
// a text; a list of texts, one for each field; a date for three fields; the label (or value) of what to choose, or a list of them; true for one box.
export async function fieldsOf(page, key, value) {
  const found = (await page.evaluate(find, key)).map((field) => ({ ...field, locator: page.locator(`[id="${field.id}"]`) }));
  assert.ok(found.length > 0, `no field "${key}" on ${page.url()}`);
  const [first] = found;
  if (first.kind === "radio" || first.kind === "checkbox") {
    return [value].flat().map((wanted) => {
      const field = wanted === true ? first : found.find((it) => it.labels.includes(wanted) || it.value === wanted);
      assert.ok(field, `no "${wanted}" under "${key}" on ${page.url()}, but ${found.map((it) => it.labels[0]).join(", ")}`);
      return { act: "check", locator: field.locator };
    });
  }
  if (first.kind === "select") return [{ act: "select", locator: first.locator, text: value }];
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value);
  if (date && found.length === 3) {
    const [, year, month, day] = date.map((it) => it.replace(/^0/, ""));
    return [day, month, year].map((text, at) => ({ act: "fill", locator: found[at].locator, text }));
  }
  if (Array.isArray(value) && value.length <= found.length) {
    return value.map((text, at) => ({ act: "fill", locator: found[at].locator, text }));
  }
  assert.equal(found.length, 1, `"${key}" is ${found.length} fields on ${page.url()}`);
  return [{ act: "fill", locator: first.locator, text: value }];
}
