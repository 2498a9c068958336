// A person without a mouse: Tab, the arrows, Space and Enter, and an eye on where they are.
import assert from "node:assert/strict";

const STOPS = 150;

// Runs in the page. What is wrong with how the element that has the focus shows it.
function lookAtFocus() {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const LOOKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "borderTopColor", "borderTopWidth",
    "backgroundColor", "color", "textDecorationLine", "textDecorationThickness"];
  // The styles of the Design System show the focus of a radio button on its label, as the button itself is not painted.
  const parts = [element, ...(element.labels ?? [])].flatMap((it) => [[it, null], [it, "::before"], [it, "::after"]]);
  const looks = () => JSON.stringify(parts.map(([it, pseudo]) => LOOKS.map((name) => getComputedStyle(it, pseudo)[name])));
  const focused = looks();
  element.blur();
  const blurred = looks();
  element.focus({ preventScroll: true, focusVisible: true });
  const what = `<${element.localName}> "${(element.name || element.textContent || element.id).trim().slice(0, 60)}"`;
  if (focused === blurred) return `${what} looks the same with and without the focus`;
  const box = element.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return seen ? null : `${what} has the focus where it cannot be seen`;
}

// Fails where the focus cannot be seen.
export async function assertFocusSeen(page) {
  const fault = await page.evaluate(lookAtFocus);
  assert.equal(fault, null, `${fault} (${page.url()})`);
}

const has = (locator) => locator.evaluate((it) => it === document.activeElement);

// Tabs until this has the focus; or, for a radio button, another of its group, as Tab stops at one of them only.
export async function tabTo(page, locator) {
  const stopped = () =>
    locator.evaluate((it) => {
      const at = document.activeElement;
      return it === at || (it.type === "radio" && at?.type === "radio" && at.name === it.name && at.form === it.form);
    });
  for (let stop = 0; stop < STOPS; stop += 1) {
    if (await stopped()) return;
    await page.keyboard.press("Tab");
    await assertFocusSeen(page);
  }
  assert.fail(`${locator} was not reached by ${STOPS} presses of Tab (${page.url()})`);
}

// Types into a field, in place of what it holds.
export async function type(page, locator, text) {
  await tabTo(page, locator);
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(text);
}

// Chooses a radio button, or ticks a box.
export async function choose(page, locator) {
  await tabTo(page, locator);
  for (let step = 0; step < STOPS && !(await has(locator)); step += 1) {
    await page.keyboard.press("ArrowDown");
    await assertFocusSeen(page);
  }
  if (!(await locator.isChecked())) await page.keyboard.press("Space");
  assert.ok(await locator.isChecked(), `${locator} was not chosen`);
}

// Chooses what begins so in a list.
export async function pick(page, locator, text) {
  await tabTo(page, locator);
  await page.keyboard.type(text);
  const picked = await locator.evaluate((it) => it.selectedOptions[0]?.textContent.trim());
  assert.equal(picked, text);
}

// Presses a button, or follows a link.
export async function press(page, locator) {
  await tabTo(page, locator);
  await page.keyboard.press("Enter");
}
