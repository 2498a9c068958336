// Every journey, as data. One is: the pages that are met, each with its answer, and what the last page says.
//
//   ["/moving/when", "2015-12-01"]              the end of the page's path (or its heading, as a pattern) and the answer
//   ["/you/contact", { "Email address": "…" }]  several questions on a page, by their labels, legends or names
//   ["/", null, "Start now"]                    another button than Continue
//
// An answer is a text, a date, the label of a choice or a list of them; or a function of `me`, who has a `home` of the sample.
// Each is made with a mouse, without JavaScript on a phone, and without a mouse; every page on the way is checked.
import { nextHome } from "./support/homes.mjs";

const START = ["/", null, "Start now"];
const HOME = [
  ["/about/postcode", (me) => me.home.postcode],
  ["/about/dwelling", (me) => me.home.address],
];
const FOUND_NAME = ["/you/name", (me) => me.home.persons[0]];
const NO_CONTACT = ["/you/contact"];
const SEND = ["/check", null, "Send your change"];

// What somebody tells of their own home.
export const own = (topics, ...choices) => [
  START,
  ["/about/who", "Myself or my household"],
  ["/about/topics", topics],
  ...choices,
  ...HOME,
];

const MOVED_IN = [
  ...own(["A move"], ["/about/moving", "I moved in from outside the area"]),
  ["/move-in/when", "2015-11-27"],
  ["/move-in/tenure", "I rent it"],
  ["/move-in/alone", "Yes"],
  ["/move-in/previous", "Yes"],
  ["/move-in/furnished", "No"],
  ["/you/name", "Ms Ann Newcomer"],
];

export const JOURNEYS = [
  {
    name: "a tenant moves in, alone",
    home: () => nextHome(),
    steps: [...MOVED_IN, ["/you/contact", { "Email address (optional)": "ann@example.org" }], SEND],
    ends: [/We have your change/, /Your reference/],
  },
];

// The same up to the page where answers are checked, for whoever tries something there.
export const UP_TO_CHECK = { home: () => nextHome(), steps: [...MOVED_IN, NO_CONTACT], ends: [/Ms Ann Newcomer/] };
export { FOUND_NAME, HOME, NO_CONTACT, SEND, START };
