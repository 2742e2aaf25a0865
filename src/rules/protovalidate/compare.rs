//! Compares the rules of two versions of a message: is there a message that its writer may send by the rules of one
//! version and that a reader refuses by those of the other? Messages are really written and read. It sees descriptors
//! only; it must not know of files, findings or directions.

use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};

mod constants;
mod doubt;
mod messages;
mod scalars;
mod show;
#[cfg(test)]
mod tests;
mod texts;
mod values;

use super::evaluate::{Broken, Evaluator, Focus};
use doubt::Opaque;
use messages::Messages;
use show::show;

/// The rules of one side.
pub(crate) struct Rules {
    pool: DescriptorPool,
    evaluator: Evaluator,
}

impl Rules {
    pub(crate) fn new(pool: DescriptorPool) -> Rules {
        let evaluator = Evaluator::new(&pool);
        Rules { pool, evaluator }
    }

    /// A message of that full name, with its rules.
    pub(crate) fn message(&self, name: &str) -> Option<Of<'_>> {
        Some(Of { message: self.pool.get_message_by_name(name)?, evaluator: &self.evaluator })
    }
}

/// A message of one side, with its rules.
pub(crate) struct Of<'r> {
    message: MessageDescriptor,
    evaluator: &'r Evaluator,
}

impl Of<'_> {
    fn version(&self) -> Version<'_> {
        Version { message: &self.message, evaluator: self.evaluator }
    }
}

#[derive(Clone, Copy)]
struct Version<'v> {
    message: &'v MessageDescriptor,
    evaluator: &'v Evaluator,
}

/// Whether a reader refuses what a writer may send.
pub(crate) enum Refusal {
    /// Nothing was found that it refuses.
    None,
    /// It may, but that cannot be decided here.
    Possible,
    /// It does.
    Shown(Witness),
}

/// A message that the writer's rules accept and the reader's refuse.
pub(crate) struct Witness {
    /// In the text form.
    pub(crate) written: String,
    /// What the reader says: `` rejected: `name` must be at least 5 characters long, not 2 ``.
    pub(crate) read: String,
    /// The rule that refuses it: `string.min_len`.
    pub(crate) rule: String,
    /// The message itself.
    #[cfg_attr(not(test), expect(dead_code, reason = "tests evaluate it again"))]
    message: DynamicMessage,
}

/// How many messages are completed that the writer's other rules refuse.
const MAX_COMPLETED: usize = 6;

/// Whether the reader refuses, by the rules of a part, what the writer may send.
pub(crate) fn refusal(writer: &Of<'_>, reader: &Of<'_>, part: &Focus) -> Refusal {
    let found = shown(writer, reader, part);
    if !matches!(found, Refusal::None) {
        return found;
    }
    let [written, read] = [writer, reader].map(|of| Opaque::new(of.version(), part));
    // Where an expression changed, a message that shows the other direction explains it.
    let is_explained =
        || written.has_more_expressions_than(&read) && !matches!(shown(reader, writer, part), Refusal::None);
    let may_refuse = read.has_more_expressions_than(&written) && !is_explained();
    if may_refuse || read.has_doubtful_patterns_beside(&written) { Refusal::Possible } else { Refusal::None }
}

/// The same as far as a message shows it.
fn shown(writer: &Of<'_>, reader: &Of<'_>, part: &Focus) -> Refusal {
    let messages = Messages { writer: writer.version(), reader: reader.version() };
    let mut refusal = Refusal::None;
    let mut completed = 0;
    for message in messages.candidates(part) {
        let written = writer.evaluator.part(&message, part);
        if written.refuses() {
            continue;
        }
        let Some(read) = messages.read(&message) else { continue };
        let outcome = reader.evaluator.part(&read, part);
        match outcome.broken.first() {
            Some(broken) if written.accepts() && completed < MAX_COMPLETED => {
                completed += 1;
                match messages.completed(&message, part) {
                    // What the writer's other rules want may be what the reader misses.
                    Some(whole) if messages.is_refused(&whole, part) => {
                        return Refusal::Shown(witness(whole, broken));
                    }
                    Some(_) => {}
                    None => refusal = Refusal::Possible,
                }
            }
            Some(_) if written.is_undecided => refusal = Refusal::Possible,
            None if outcome.is_undecided && written.accepts() => refusal = Refusal::Possible,
            _ => {}
        }
    }
    refusal
}

fn witness(message: DynamicMessage, broken: &Broken) -> Witness {
    let Broken { path, rule, wanted } = broken;
    let read = match path.is_empty() {
        true => format!("rejected: it must {wanted}"),
        false => format!("rejected: `{path}` must {wanted}"),
    };
    Witness { written: show(&message), read, rule: rule.clone(), message }
}
