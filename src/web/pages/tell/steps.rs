//! The way through the journey: every question that a case needs, in order.

use hearth_events::NotificationKind;

use super::about::{HOME, KINDS_IN, NOTE, WHAT, WHERE, WHO};
use super::answers::Answers;
use super::forms::{Form, form};
use super::question::{ABOUT, Facts, Field, Input, Question, YOU};
use super::values::{self, Wrong};

/// One page of the journey of one case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// `about`, a kind, or `you`.
    pub(super) scope: &'static str,
    /// What is asked.
    pub(super) question: &'static Question,
    /// Which item of a list it is about, from nought.
    pub(super) item: Option<usize>,
}

impl Step {
    /// Its path below that of the draft.
    pub(super) fn path(&self) -> String {
        match self.item {
            None => format!("{}/{}", self.scope, self.question.id),
            Some(item) => format!("{}/{}-{}", self.scope, self.question.id, item + 1),
        }
    }

    /// What decides whether it is asked.
    pub(super) fn facts<'a>(&self, answers: &'a Answers) -> Facts<'a> {
        Facts { answers, scope: self.scope, item: self.question.each.zip(self.item) }
    }

    /// Whether everything that is needed was answered, and well.
    pub(super) fn is_answered(&self, answers: &Answers) -> bool {
        let facts = self.facts(answers);
        let was_seen = self.question.fields.iter().any(|it| answers.given.contains_key(&facts.full(it.name)));
        was_seen && self.faults(answers).is_empty()
    }

    /// What is wrong with its answers, by field.
    pub(super) fn faults(&self, answers: &Answers) -> Vec<(String, Wrong)> {
        let of_field = |field: &Field| {
            let full = self.facts(answers).full(field.name);
            let wrong = values::read(field, answers.all(&full)).err();
            wrong.or_else(|| is_home_again(answers, &full).then_some(values::SAME_HOME)).map(|it| (full, it))
        };
        self.question.fields.iter().filter_map(of_field).collect()
    }
}

/// The kinds of notification that were chosen, each once, in the order of the catalogue.
pub(super) fn kinds(answers: &Answers) -> Vec<NotificationKind> {
    let shown: Vec<_> = WHAT
        .iter()
        .filter(|it| (it.when)(&Facts { answers, scope: ABOUT, item: None }))
        .flat_map(|it| it.fields)
        .filter(|it| KINDS_IN.contains(&it.name))
        .flat_map(|it| answers.all(&format!("{ABOUT}:{}", it.name)))
        .filter_map(|it| it.parse::<NotificationKind>().ok())
        .collect();
    let is_needless = |it: NotificationKind| {
        // Whoever says with a move that they live alone there claims the discount with it.
        it == NotificationKind::SinglePersonDiscountClaim
            && [NotificationKind::MoveIn, NotificationKind::MoveWithin].iter().any(|moving| {
                answers.is("about:who", "own")
                    && shown.contains(moving)
                    && answers.is(&format!("{moving}:alone"), "yes")
            })
    };
    NotificationKind::ALL.iter().copied().filter(|it| shown.contains(it) && !is_needless(*it)).collect()
}

/// Every question that the case needs as far as it is known.
pub(super) fn steps(answers: &Answers) -> Vec<Step> {
    let mut steps = asked(ABOUT, WHAT, answers);
    let kinds = kinds(answers);
    let forms: Vec<&Form> = kinds.iter().filter_map(|it| form(*it)).collect();
    if forms.iter().any(|it| it.at_a_dwelling) {
        steps.extend(asked(ABOUT, WHERE, answers));
    }
    let moves_within = kinds.contains(&NotificationKind::MoveWithin);
    for form in forms {
        if moves_within && form.at_a_dwelling && form.kind != NotificationKind::MoveWithin {
            steps.extend(asked(form.kind.as_str(), HOME, answers));
        }
        steps.extend(asked(form.kind.as_str(), form.questions, answers));
    }
    if !kinds.is_empty() {
        steps.extend(asked(YOU, WHO, answers));
    }
    steps
}

/// The page for what an officer should read, which nobody is led to.
pub(super) const fn note() -> Step {
    Step { scope: YOU, question: NOTE, item: None }
}

fn asked(scope: &'static str, questions: &'static [Question], answers: &Answers) -> Vec<Step> {
    let mut steps = Vec::new();
    for question in questions {
        let items = match question.each {
            None => vec![None],
            Some(list) => (0..answers.filled(&format!("{scope}:{list}")).count()).map(Some).collect(),
        };
        steps.extend(
            items
                .into_iter()
                .map(|item| Step { scope, question, item })
                .filter(|it| (it.question.when)(&it.facts(answers))),
        );
    }
    steps
}

/// Whether the home that was left is the one that was moved to.
fn is_home_again(answers: &Answers, full: &str) -> bool {
    full == "move-within:from-dwelling"
        && answers.one(full) != values::OTHER
        && answers.one(full) == answers.one(&format!("{ABOUT}:dwelling"))
}

/// Whether a field is one by which dwellings are looked up.
pub(super) fn looks_up(step: &Step) -> Option<String> {
    let postcode = step.question.fields.iter().find(|it| it.input == Input::Postcode)?;
    Some(format!("{}:{}", step.scope, postcode.name))
}
