// Every journey, as data. One is: the pages that are met, each with its answer, and what the last page says.
//
//   ["/moving/when", "2015-12-01"]              the end of the page's path (or its heading, as a pattern) and the answer
//   ["/you/contact", { "Email address": "…" }]  several questions on a page, by their labels, legends or names
//   ["/", null, "Start now"]                    another button than Continue
//
// An answer is a text, a date, the label of a choice or a list of them; or a function of `me`, who has a `home` of the sample.
// Each is made with a mouse and without JavaScript on a phone, those with `keys` without a mouse too; every page on the way is
// checked.
import { nextHome } from "./support/homes.mjs";

export const START = ["/", null, "Start now"];
const HOME = [
  ["/about/postcode", (me) => me.home.postcode],
  ["/about/dwelling", (me) => me.home.address],
];
export const NO_CONTACT = ["/you/contact"];
const SEND = ["/check", null, "Send your change"];

// Who sends it: somebody on the bill, with what the council has of them; or somebody else.
const YOU_ON_BILL = [
  ["/you/name", (me) => me.home.persons[0]],
  ["/you/contact", { "Email address (optional)": (me) => me.home.email, "Phone number (optional)": (me) => me.home.phone }],
  ["/you/account", (me) => me.home.account],
  SEND,
];
const you = (name) => [["/you/name", name], ["/you/contact", { "Email address (optional)": "ann@example.org" }], ["/you/account"], SEND];

// Homes with somebody who tells it: one adult, two of them both on the bill, nobody; and those that are let.
const lived = (adults) => (it) => it.adults === String(adults) && it.persons.length === adults && it.email !== "";
const COUPLE = (it) => lived(2)(it) && it.awards === "";
const ALONE = (it) => lived(1)(it) && it.awards.startsWith("D-SPD");
const EMPTY = (it) => it.adults === "0";
const LET = (it) => it.tenure === "private-landlord" && it.adults !== "0";

// What somebody tells of their own home: of which topics, and what of each.
const choices = (chosen) => Object.entries(chosen).map(([topic, what]) => [`/about/${topic}`, what]);
const TOPICS = {
  moving: "A move",
  household: "Who lives in the home, or their details",
  discount: "Something that may give a discount or exemption",
  property: "The home itself",
  money: "How you pay, a bill or a refund",
  death: "A death",
  other: "Something else",
};
const atHomeAs = (who) => (chosen) => [START, ["/about/who", who], ["/about/topics", Object.keys(chosen).map((it) => TOPICS[it])], ...choices(chosen)];
const own = atHomeAs("Myself or my household");
const forSomebody = atHomeAs("Someone else");
const asOther = (who, chosen) => [START, ["/about/who", who], ...choices(chosen)];

// What becomes of it: done at once, or an officer looks at it.
const DONE = /It is done\./;
const OFFICER = /One of our officers has to look at it/;
const ONE = /We have your change\s+Your reference\s+HN-[\w-]+\s/;

const MOVED_IN = [
  ...own({ moving: "I moved in from outside the area" }),
  ...HOME,
  ["/move-in/when", "2015-11-27"],
  ["/move-in/tenure", "I rent it"],
  ["/move-in/alone", "Yes"],
  ["/move-in/previous", "Yes"],
  ["/move-in/furnished", "No"],
  ["/you/name", "Ms Ann Newcomer"],
];

const journey = (name, isSo, steps, ends, more = {}) => ({ name, home: () => nextHome(isSo), steps, ends, ...more });

// One on the bill tells one thing of their household.
const atHome = (name, isSo, chosen, questions, ends, more) => journey(name, isSo, [...own(chosen), ...HOME, ...questions, ...YOU_ON_BILL], ends, more);

const MOVES = [
  journey("a tenant moves in, alone", COUPLE, [...MOVED_IN, ["/you/contact", { "Email address (optional)": "ann@example.org" }], SEND], [ONE], { keys: true }),
  journey(
    "three buy a home together and move in",
    COUPLE,
    [
      ...own({ moving: "I moved in from outside the area" }),
      ...HOME,
      ["/move-in/when", "2015-11-20"],
      ["/move-in/tenure", "I own it, or am buying it"],
      ["/move-in/alone", "No"],
      ["/move-in/others", "Mr Bo Newcomer", "Add another person"],
      ["/move-in/others", ["Mr Bo Newcomer", "Dr Cat O’Newcomer"]],
      ["/move-in/previous", "Yes"],
      ["/you/name", "Ms Ann Newcomer"],
      NO_CONTACT,
      SEND,
    ],
    [ONE],
  ),
  atHome(
    "a couple moves out",
    COUPLE,
    { moving: "I moved out of the area" },
    [
      ["/move-out/when", "2015-11-25"],
      ["/move-out/alone", "No"],
      ["/move-out/others", (me) => me.home.persons[1]],
      ["/move-out/emptied", "2015-11-25"],
      ["/move-out/next", "It was sold"],
      ["/move-out/next-name", "Mr Bu Yer"],
      ["/move-out/forwarding", "Yes"],
      ["/move-out/address", "9 Elsewhere Street\nOtherton\nZZ1 1ZZ"],
    ],
    [ONE],
  ),
  journey(
    "one moves within the area and lives alone now",
    COUPLE,
    [
      ...own({ moving: "I moved from one home in the area to another", household: "I am now the only adult in my home" }),
      ["/about/postcode", (me) => (me.to ??= nextHome(COUPLE)).postcode],
      ["/about/dwelling", (me) => me.to.address],
      ["/move-within/when", "2015-11-23"],
      ["/move-within/tenure", "I rent it"],
      ["/move-within/alone", "Yes"],
      ["/move-within/from-postcode", (me) => me.home.postcode],
      ["/move-within/from-dwelling", (me) => me.home.address],
      ["/move-within/out", "2015-11-24"],
      ["/move-within/stayed", "Yes"],
      ...YOU_ON_BILL,
    ],
    [ONE, /A move within the area/],
    { keys: true },
  ),
];

const HOUSEHOLDS = [
  atHome(
    "a name has changed",
    COUPLE,
    { household: "A name has changed" },
    [
      ["/change-of-name/whose", "Me"],
      ["/change-of-name/new", "Ms Ann Wedd-Other"],
      ["/change-of-name/when", "2015-11-14"],
      ["/change-of-name/reason", "Marriage or civil partnership"],
    ],
    [ONE, OFFICER], { documents: ["change-of-name"] },
  ),
  atHome(
    "another address for letters",
    COUPLE,
    { household: "My phone number, email or postal address has changed" },
    [
      ["/contact-details/what", ["Email address", "Phone number", "Address for letters"]],
      ["/contact-details/email", "new@example.org"],
      ["/contact-details/phone", "01632 960111"],
      ["/contact-details/address", "PO Box 9\nOtherton\nZZ1 1ZZ"],
    ],
    [ONE],
  ),
  atHome(
    "a student moves in",
    ALONE,
    { household: "Someone moved in with me" },
    [
      ["/occupier-joined/person", "Mr Stu Dent"],
      ["/occupier-joined/when", "2015-11-01"],
      ["/occupier-joined/born", "1996-02-03"],
      ["/occupier-joined/previous", "1 Campus Road\nOtherton"],
      ["/occupier-joined/group", "They are a full-time student"],
    ],
    [ONE],
  ),
  atHome(
    "a grown child moves out",
    (it) => it.adults === "3" && it.awards === "",
    { household: "Someone moved out, and other adults still live with me" },
    [
      ["/occupier-left/person", "Mr Grown Child"],
      ["/occupier-left/when", "2015-11-01"],
      ["/occupier-left/address"],
      ["/occupier-left/adults", "2"],
    ],
    [ONE],
  ),
  atHome(
    "a husband comes onto the bill",
    ALONE,
    { household: "Someone should be added to the bill" },
    [
      ["/liable-person-added/person", "Mr Hus Band"],
      ["/liable-person-added/relationship", "They are married to someone on the bill"],
      ["/liable-person-added/when", "2015-11-14"],
      ["/liable-person-added/before", "No"],
    ],
    [ONE], { documents: ["liable-person-added"] },
  ),
  atHome(
    "two split up, and one of them lives alone now",
    COUPLE,
    { household: ["Someone on the bill has left", "I am now the only adult in my home"] },
    [
      ["/liable-person-removed/whose", "Someone else on the bill"],
      ["/liable-person-removed/person", (me) => me.home.persons[1]],
      ["/liable-person-removed/when", "2015-11-15"],
      ["/liable-person-removed/address", "9 Elsewhere Street\nOtherton"],
      ["/single-person-discount-claim/when", "2015-11-15"],
      ["/single-person-discount-claim/anybody", "Yes"],
      ["/single-person-discount-claim/left", (me) => me.home.persons[1]],
      ["/single-person-discount-claim/left-on-1", "2015-11-15"],
      ["/single-person-discount-claim/left-to-1"],
    ],
    [/We have your changes\s+Your references\s+HN-[\w-]+\s+HN-[\w-]+/, /Someone to be taken off the bill/, /Living alone/],
    { keys: true },
  ),
  atHome(
    "one who lived alone does not any more",
    ALONE,
    { household: "I get the single person discount and another adult moved in" },
    [
      ["/single-person-discount-end/when", "2015-11-20"],
      ["/single-person-discount-end/person", "Ms Moved In"],
    ],
    [ONE],
  ),
];

const DISCOUNTS = [
  atHome(
    "two students live together",
    COUPLE,
    { discount: "Someone is a student" },
    [
      ["/student/when", "2015-10-01"],
      ["/student/who", "I am, and others who live with me"],
      ["/student/my-course", { "University, college or school": "University of Otherton", Course: "BSc Physics" }],
      ["/student/my-dates", { "First day of the course": "2015-10-01", "Last day of the course": "2018-06-30" }],
      ["/student/my-hours", { "Hours a week": "30", "Weeks a year": "30" }],
      ["/student/names", (me) => me.home.persons[1]],
      ["/student/course-1", { "University, college or school": "University of Otherton", Course: "BA Welsh" }],
      ["/student/dates-1", { "First day of the course": "2015-10-01", "Last day of the course": "2018-06-30" }],
      ["/student/hours-1", { "Hours a week": "28", "Weeks a year": "30" }],
      ["/student/everybody", "Yes"],
    ],
    [ONE, OFFICER],
    { keys: true, documents: ["student"] },
  ),
  atHome(
    "a severe mental impairment",
    COUPLE,
    { discount: "Someone has a severe mental impairment" },
    [
      ["/severe-mental-impairment/whose", "Someone else who lives with me"],
      ["/severe-mental-impairment/person", (me) => me.home.persons[1]],
      ["/severe-mental-impairment/doctor", "Dr Med Icus, The Surgery"],
      ["/severe-mental-impairment/certified", "2014-05-06"],
      ["/severe-mental-impairment/benefit", "Attendance Allowance"],
      ["/severe-mental-impairment/benefit-from", "2014-06-01"],
    ],
    [ONE, OFFICER], { documents: ["severe-mental-impairment"] },
  ),
  atHome(
    "a carer is not counted",
    COUPLE,
    { discount: "Someone should not be counted for another reason" },
    [
      ["/disregard-claim/group", "They are a carer or a care worker"],
      ["/disregard-claim/care", "Carer"],
      ["/disregard-claim/whose", "Me"],
      ["/disregard-claim/when", "2015-11-01"],
      ["/disregard-claim/ends"],
    ],
    [ONE, OFFICER], { documents: ["disregard-claim"] },
  ),
  atHome(
    "a home is adapted, and part of it is an annexe",
    COUPLE,
    { discount: ["The home is adapted for a disabled person", "Part of the home is an annexe"] },
    [
      ["/disabled-band-reduction/whose", "Me"],
      ["/disabled-band-reduction/feature", "Space for a wheelchair"],
      ["/disabled-band-reduction/wheelchair", "Yes"],
      ["/disabled-band-reduction/when", "2015-11-01"],
      ["/disabled-band-reduction/nature", "I cannot walk"],
      ["/disabled-band-reduction/practitioner", "Dr Med Icus"],
      ["/annexe/used", "As the main home of a relative"],
      ["/annexe/relative", { "Full name": "Mrs Gran Ny", "What they are to the people in the main home": "mother" }],
      ["/annexe/depends", "Yes"],
      ["/annexe/when", "2015-11-01"],
      ["/annexe/planning"],
    ],
    [/We have your changes/, /A home adapted for a disabled person/, /An annexe/], { documents: ["disabled-band-reduction", "annexe"] },
  ),
];

// A new home is told of once.
// Files of tests are processes beside each other, before one council: no two tell of one plot.
let plots = process.pid * 100;
const PROPERTIES = [
  atHome(
    "a home is empty",
    COUPLE,
    { property: "The home is empty" },
    [
      ["/property-empty/when", "2015-11-15"],
      ["/property-empty/why", "It is for sale"],
      ["/property-empty/furnished", "No"],
      ["/property-empty/emptied", "2015-11-15"],
    ],
    [ONE],
  ),
  atHome(
    "a second home",
    COUPLE,
    { property: "It is furnished, and nobody’s main home" },
    [
      ["/second-home/when", "2015-11-15"],
      ["/second-home/furnished", "Yes"],
      ["/second-home/main", "9 Elsewhere Street\nOtherton\nZZ1 1ZZ"],
      ["/second-home/exception", "No, none of these"],
    ],
    [ONE],
  ),
  journey(
    "an empty home is lived in again",
    EMPTY,
    [
      ...own({ property: "Someone lives there again" }),
      ...HOME,
      ["/back-in-use/when", "2015-11-15"],
      ["/back-in-use/me", "Yes"],
      ["/back-in-use/alone", "No"],
      ["/back-in-use/others", "Mr Co Occupier"],
      ...YOU_ON_BILL,
    ],
    [ONE],
  ),
  {
    name: "a new home",
    steps: [
      ...own({ property: "It is new, converted or not banded yet" }),
      ["/new-property/address", { Address: () => `Plot ${(plots += 1)}, New Lane\nAndover`, "Postcode (optional)": "ZZ99 2EJ" }],
      ["/new-property/plot", "7"],
      ["/new-property/completed", "2015-11-20"],
      ["/new-property/planning", "15/00123/FUL"],
      ["/you/name", "Ms Ann Builder"],
      NO_CONTACT,
      SEND,
    ],
    ends: [ONE, OFFICER],
  },
];

const BANK = { "Name on the account": (me) => me.home.persons[0], "Sort code": "12-34-56", "Account number": "12345678" };
const MONEY = [
  atHome(
    "a Direct Debit, 12 payments and bills by email",
    COUPLE,
    { money: ["Set up, change or cancel a Direct Debit", "Change the number or day of payments", "Get bills by email, or on paper again"] },
    [
      ["/direct-debit/action", "Set up a new one"],
      ["/direct-debit/bank", BANK],
      ["/direct-debit/day", "15"],
      ["/instalment-choice/number", "12, one each month"],
      ["/instalment-choice/day", "15"],
      ["/paperless/how", "By email"],
      ["/paperless/email", (me) => me.home.email],
    ],
    [/We have your changes/, /A Direct Debit/, /How you pay/, /How bills come/],
  ),
  atHome(
    "a refund",
    COUPLE,
    { money: "Ask for a refund" },
    [
      ["/refund-request/reason", "I paid twice"],
      ["/refund-request/amount", "120.50"],
      ["/refund-request/bank", BANK],
      ["/refund-request/consent", "Yes, everyone agrees"],
    ],
    [ONE],
  ),
  atHome("a copy of a bill", COUPLE, { money: "Get a copy of a bill, or time to pay it" }, [["/copy-bill/what", "A copy of a bill"], ["/copy-bill/year", "2015/16"]], [ONE]),
];

const WRITTEN = [
  atHome("a dispute", COUPLE, { other: "I think a decision or a bill is wrong" }, [["/dispute/grounds", "My band is wrong."], ["/dispute/about", "The bill of 1 April"]], [ONE, OFFICER]),
  atHome("a question", COUPLE, { other: "I have a question" }, [["/enquiry/question", "May I pay in cash?"]], [ONE, OFFICER], { keys: true }),
];

const DEATHS = [
  atHome(
    "a husband or wife has died",
    COUPLE,
    { death: "Someone has died" },
    [
      ["/death/name", (me) => me.home.persons[1]],
      ["/death/when", "2015-11-10"],
      ["/death/born", "1940-01-02"],
      ["/death/kin", "Yes"],
      ["/death/executor", "Yes"],
      ["/death/executor-contact", { "Full name": "Ms Exe Cutor", "Email address (optional)": "exe@example.org" }],
    ],
    [ONE],
  ),
  journey(
    "an executor tells of a death and of probate",
    lived(1),
    [
      ...asOther("Someone who has died, as their executor or administrator", { estate: ["Someone has died", "Probate has been granted, or an estate has news"] }),
      ...HOME,
      ["/death/name", (me) => me.home.persons[0]],
      ["/death/when", "2015-10-02"],
      ["/death/born"],
      ["/probate/granted", "2015-11-20"],
      ["/probate/others"],
      ["/probate/solicitor", "Law & Co"],
      ["/probate/home", "It was sold or passed to an heir"],
      ["/probate/transferred", "2015-11-24"],
      ...you("Ms Exe Cutor"),
    ],
    [/We have your changes/, /A death/, /News of an estate/], { documents: ["probate"] },
  ),
  journey(
    "a solicitor asks for a refund to an estate",
    lived(1),
    [
      ...asOther("A client, as their solicitor", { estate: ["Ask for a refund", "I have a question"] }),
      ...HOME,
      ["/refund-request/reason", "The home was sold"],
      ["/refund-request/amount"],
      ["/refund-request/bank", { ...BANK, "Name on the account": "Law & Co clients" }],
      ["/refund-request/consent", "There is only one name on the bill"],
      ["/enquiry/question", "When is the account closed?"],
      ...you("Law & Co, Mr So Licitor"),
    ],
    [/We have your changes/, /A refund/, /A question/],
  ),
];

const LETTERS = [
  journey(
    "a landlord's tenants change",
    LET,
    [
      ...asOther("A home I own and let", { letting: "Tenants have changed" }),
      ...HOME,
      ["/tenancy-change/what", "Tenants moved out and others moved in"],
      ["/tenancy-change/ended", "2015-11-20"],
      ["/tenancy-change/outgoing", (me) => me.home.persons[0]],
      ["/tenancy-change/forwarding", "Yes"],
      ["/tenancy-change/address", "9 Elsewhere Street\nOtherton"],
      ["/tenancy-change/starts", "2015-11-21"],
      ["/tenancy-change/incoming", "Ms New Tenant", "Add another person"],
      ["/tenancy-change/incoming", ["Ms New Tenant", "Mr Other Tenant"]],
      ["/tenancy-change/joint", "Yes"],
      ["/tenancy-change/furnished", "No"],
      ["/you/name", (me) => me.home.owner],
      NO_CONTACT,
      SEND,
    ],
    [ONE, OFFICER, /A change of tenants/],
  ),
  journey(
    "an agent's home is empty between tenants",
    LET,
    [
      ...asOther("A home I manage for an owner", { letting: ["Tenants have changed", "The home is empty"] }),
      ...HOME,
      ["/property-empty/when", "2015-11-21"],
      ["/property-empty/why-let", "It is between two tenants"],
      ["/property-empty/furnished", "Yes"],
      ["/tenancy-change/landlord", (me) => me.home.owner],
      ["/tenancy-change/what", "Tenants moved out, and nobody has moved in yet"],
      ["/tenancy-change/ended", "2015-11-20"],
      ["/tenancy-change/outgoing", (me) => me.home.persons[0]],
      ["/tenancy-change/forwarding", "No, or it is not known"],
      ["/tenancy-change/furnished", "Yes"],
      ...you("Homes & Keys, Mr Ag Ent"),
    ],
    [/We have your changes/, /A change of tenants/, /An empty home/],
  ),
  journey(
    "a daughter tells that her mother moved to a care home",
    lived(1),
    [
      ...forSomebody({ moving: "They moved out of the area" }),
      ...HOME,
      ["/move-out/when", "2015-11-20"],
      ["/move-out/persons", (me) => me.home.persons[0]],
      ["/move-out/emptied"],
      ["/move-out/next", "They still own it, and nobody rents it"],
      ["/move-out/forwarding", "No, or it is not known yet"],
      ...you("Ms Good Daughter"),
    ],
    [ONE, OFFICER],
  ),
];

export const JOURNEYS = [...MOVES, ...HOUSEHOLDS, ...DISCOUNTS, ...PROPERTIES, ...MONEY, ...WRITTEN, ...DEATHS, ...LETTERS];

// One as far as the page where answers are checked, for whoever tries something there.
export const UP_TO_CHECK = { home: () => nextHome(COUPLE), steps: [...MOVED_IN, NO_CONTACT], ends: [/Ms Ann Newcomer/] };
// One that an officer has to look at, whole.
export const TO_OFFICER = JOURNEYS.find((it) => it.name === "a question");
