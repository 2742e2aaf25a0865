//! What is known of a change between two schemas: what it breaks, for whom, and the payloads that prove it.

use std::fmt;

use crate::source::Place;

/// What a change can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// Binary messages.
    Wire,
    /// The JSON form.
    Json,
    /// Paths and shapes of rpcs on the network.
    Grpc,
    /// Requests to the HTTP bindings of rpcs, by `google.api.http`.
    Rest,
    /// What the rules of `buf.validate` accept.
    Validation,
    /// Code generated from the schema.
    Source,
}

impl Layer {
    /// All layers, in the order in which they are listed.
    pub const ALL: [Layer; 6] = [Layer::Wire, Layer::Json, Layer::Grpc, Layer::Rest, Layer::Validation, Layer::Source];

    /// The layers that have directions: what one side writes or calls, and the other reads or answers.
    pub(crate) const OF_TRAFFIC: [Layer; 5] = [Layer::Wire, Layer::Json, Layer::Grpc, Layer::Rest, Layer::Validation];

    /// The file of the options that a layer comes from; `None` where every schema has it.
    pub fn declared_in(self) -> Option<&'static str> {
        match self {
            Layer::Rest => Some("google/api/annotations.proto"),
            Layer::Validation => Some("buf/validate/validate.proto"),
            Layer::Wire | Layer::Json | Layer::Grpc | Layer::Source => None,
        }
    }

    /// The word that configuration and output use.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Wire => "wire",
            Layer::Json => "json",
            Layer::Grpc => "grpc",
            Layer::Rest => "rest",
            Layer::Validation => "validation",
            Layer::Source => "source",
        }
    }
}

/// Who is affected by a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// New code reads old data.
    Backward,
    /// Old code reads new data.
    Forward,
}

impl Direction {
    /// Both of them.
    pub const ALL: [Direction; 2] = [Direction::Backward, Direction::Forward];

    /// The word that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Backward => "backward",
            Direction::Forward => "forward",
        }
    }
}

/// In which directions breaks count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DirectionFilter {
    /// New code has to read old data.
    Backward,
    /// Old code has to read new data.
    Forward,
    /// Both.
    #[default]
    Full,
}

impl DirectionFilter {
    /// All of them, in the order in which they are listed.
    pub const ALL: [DirectionFilter; 3] = [DirectionFilter::Backward, DirectionFilter::Forward, DirectionFilter::Full];

    /// The word that configuration and arguments use.
    pub fn name(self) -> &'static str {
        match self {
            DirectionFilter::Backward => Direction::Backward.name(),
            DirectionFilter::Forward => Direction::Forward.name(),
            DirectionFilter::Full => "full",
        }
    }

    /// Whether breaks in a direction count.
    pub fn includes(self, direction: Direction) -> bool {
        match self {
            DirectionFilter::Backward => direction == Direction::Backward,
            DirectionFilter::Forward => direction == Direction::Forward,
            DirectionFilter::Full => true,
        }
    }
}

/// What a change breaks: a set of layers, each in one direction or both, and whether only some values are affected
/// there; and what it may break, which the schemas alone do not show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// A bit for each layer and direction.
    broken: u16,
    /// Those of `broken` in which every value is affected.
    total: u16,
    /// What is suspected, broken or not.
    suspected: u16,
}

impl Verdict {
    /// Breaks nothing.
    pub const NONE: Verdict = Verdict { broken: 0, total: 0, suspected: 0 };

    fn bit(layer: Layer, direction: Direction) -> u16 {
        1 << (layer as u8 * 2 + direction as u8)
    }

    /// Breaks a layer in a direction.
    pub fn breaks(layer: Layer, direction: Direction) -> Verdict {
        let bit = Verdict::bit(layer, direction);
        Verdict { broken: bit, total: bit, suspected: 0 }
    }

    /// Breaks nothing for certain, but maybe what this breaks.
    #[must_use]
    pub fn as_suspicion(self) -> Verdict {
        Verdict { suspected: self.broken | self.suspected, ..Verdict::NONE }
    }

    /// Breaks a layer in a direction for some values only: those that do not fit are cut off or refused.
    pub fn lossy(layer: Layer, direction: Direction) -> Verdict {
        Verdict { total: 0, ..Verdict::breaks(layer, direction) }
    }

    /// Breaks a layer in both directions.
    pub fn both(layer: Layer) -> Verdict {
        Verdict::breaks(layer, Direction::Backward).and(Verdict::breaks(layer, Direction::Forward))
    }

    /// What callers of old generated code notice when they are built with the new one.
    pub fn source() -> Verdict {
        Verdict::breaks(Layer::Source, Direction::Backward)
    }

    /// Breaks what either breaks.
    pub fn and(self, other: Verdict) -> Verdict {
        Verdict {
            broken: self.broken | other.broken,
            total: self.total | other.total,
            suspected: self.suspected | other.suspected,
        }
    }

    /// What may be broken, as if it were, without what is.
    #[must_use]
    pub fn suspicion(self) -> Verdict {
        let bits = self.suspected & !self.broken;
        Verdict { broken: bits, total: bits, suspected: 0 }
    }

    /// The directions of one layer are broken, or suspected, in another one too.
    #[must_use]
    pub(crate) fn spread(self, from: Layer, to: Layer) -> Verdict {
        let moved = |bits: u16| {
            let bits = (bits >> (from as u8 * 2)) & 0b11;
            bits << (to as u8 * 2)
        };
        self.and(Verdict { broken: moved(self.broken), total: moved(self.total), suspected: moved(self.suspected) })
    }

    /// Whether nothing is broken.
    pub fn is_empty(self) -> bool {
        self.broken == 0
    }

    /// Whether a layer is broken in a direction.
    pub fn has(self, layer: Layer, direction: Direction) -> bool {
        self.broken & Verdict::bit(layer, direction) != 0
    }

    /// Whether every value is affected in a layer and a direction.
    pub fn has_all(self, layer: Layer, direction: Direction) -> bool {
        self.total & Verdict::bit(layer, direction) != 0
    }

    /// The layers that are broken, in order.
    pub fn layers(self) -> impl Iterator<Item = Layer> {
        Layer::ALL.into_iter().filter(move |&layer| Direction::ALL.iter().any(|&direction| self.has(layer, direction)))
    }

    /// The directions in which data or calls are broken; generated code has none.
    pub fn directions(self) -> impl Iterator<Item = Direction> {
        let has = move |direction: &Direction| Layer::OF_TRAFFIC.iter().any(|&layer| self.has(layer, *direction));
        Direction::ALL.into_iter().filter(has)
    }

    /// What is left of it on these layers.
    pub fn on(self, layers: &[Layer]) -> Verdict {
        let bits = |layer: &Layer| Direction::ALL.map(|direction| Verdict::bit(*layer, direction));
        let mask = layers.iter().flat_map(bits).fold(0, |mask, bit| mask | bit);
        Verdict { broken: self.broken & mask, total: self.total & mask, suspected: self.suspected & mask }
    }

    /// What is left of it in these directions. Generated code has none: what breaks it, counts in all of them.
    #[must_use]
    pub fn in_directions(self, directions: DirectionFilter) -> Verdict {
        let bit = |layer: Layer, direction: Direction| match layer == Layer::Source || directions.includes(direction) {
            true => Verdict::bit(layer, direction),
            false => 0,
        };
        let bits = |layer: Layer| Direction::ALL.map(|direction| bit(layer, direction));
        let mask = Layer::ALL.into_iter().flat_map(bits).fold(0, |mask, bit| mask | bit);
        Verdict { broken: self.broken & mask, total: self.total & mask, suspected: self.suspected & mask }
    }

    /// Whether everything that another verdict breaks is broken, and as badly.
    pub(crate) fn includes(self, other: Verdict) -> bool {
        let is_in = |own: u16, other: u16| other & !own == 0;
        is_in(self.broken, other.broken) && is_in(self.total, other.total) && is_in(self.suspected, other.suspected)
    }

    /// How much is broken: more counts more, and what is certain more than what is suspected.
    pub(crate) fn weight(self) -> u32 {
        (self.broken.count_ones() << 8) + (self.total.count_ones() << 4) + self.suspected.count_ones()
    }

    /// Whether nothing is broken, and nothing is suspected.
    pub(crate) fn is_harmless(self) -> bool {
        self.broken | self.suspected == 0
    }

    /// Whether something is broken, but wherever it is, only for some values.
    pub fn is_lossy(self) -> bool {
        self.broken != 0 && self.total == 0
    }
}

/// One payload that the code of one schema writes and that of the other reads; or one request that one side answers,
/// or one value that one side accepts, and what the other does with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Any but [`Layer::Grpc`] and [`Layer::Source`].
    pub layer: Layer,
    /// Which side writes.
    pub direction: Direction,
    /// What the writer holds, in the text form: `{email: "ann@example.org"}`; of a request the rpc that it is for.
    pub written: String,
    /// What travels: bytes as hexadecimal numbers, JSON, or a request such as `GET /v1/shelves/1`; nothing where
    /// `written` says it all.
    pub payload: String,
    /// What the reader makes of it.
    pub read: String,
}

/// What a finding about a change carries beside the message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Where it was before; none where something is new.
    pub before: Option<Place>,
    /// What it breaks.
    pub verdict: Verdict,
    /// An rpc that carries the message it is about, by its full name.
    pub carried_by: Option<String>,
    /// Proof of what is broken on the wire and in JSON.
    pub evidence: Vec<Evidence>,
    /// The releases that show the change, where several are compared with.
    pub releases: Option<BrokenReleases>,
    /// The branch that shows the change too, where this branch left it, if the base is a release.
    pub inherited_from: Option<String>,
}

/// The releases that show a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenReleases {
    /// The name of the oldest one.
    pub oldest: String,
    /// The name of the newest one.
    pub newest: String,
    /// How many they are.
    pub count: usize,
    /// How many there are from the oldest to the newest one, those included that do not show it.
    pub between: usize,
}

/// `v1.2.0 to v1.5.0`.
impl fmt::Display for BrokenReleases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BrokenReleases { oldest, newest, count, between } = self;
        match count {
            1 => f.write_str(newest),
            _ if count == between => write!(f, "{oldest} to {newest}"),
            2 => write!(f, "{oldest} and {newest}"),
            _ => write!(f, "{oldest} to {newest} ({count} of {between} releases)"),
        }
    }
}

impl Change {
    /// Whether the branch has it already that this one will be merged into.
    pub(crate) fn is_inherited(&self) -> bool {
        self.inherited_from.is_some()
    }

    /// `breaks wire, json both ways, grpc, source; may break …; breaks v1.2.0 to v1.5.0; already on main`: all that is
    /// known; `None` where that is nothing.
    pub fn breaks(&self) -> Option<String> {
        let suspicion = self.verdict.suspicion();
        let broken = (!self.verdict.is_empty()).then(|| format!("breaks {}", self.verdict));
        let suspected = (!suspicion.is_empty()).then(|| format!("may break {suspicion}"));
        let parts: Vec<String> = broken.into_iter().chain(suspected).collect();
        let carried = self.carried_by.iter().map(|method| format!("carried by rpc `{method}`"));
        let carried = carried.filter(|_| !parts.is_empty());
        let parts: Vec<String> = parts.iter().cloned().chain(carried).chain(self.shown_by()).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// What shows it beside the base: `breaks v1.2.0 to v1.5.0`, `already on main`.
    pub(crate) fn shown_by(&self) -> impl Iterator<Item = String> {
        let is_harmless = self.verdict.is_harmless();
        let verb = if is_harmless { "differs from" } else { "breaks" };
        let releases = self.releases.iter().map(move |releases| format!("{verb} {releases}"));
        releases.chain(self.inherited_from.iter().map(|branch| format!("already on {branch}")))
    }
}

/// `wire, json both ways, source`: directions are those of data, which one side writes and the other reads.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = |layer: Layer| match layer {
            Layer::Wire | Layer::Json | Layer::Validation => {
                match Direction::ALL.map(|direction| self.has(layer, direction)) {
                    [true, true] => Some(" both ways"),
                    [true, false] => Some(" when new code reads old data"),
                    _ => Some(" when old code reads new data"),
                }
            }
            Layer::Grpc | Layer::Rest | Layer::Source => None,
        };
        let mut layers = self.layers().peekable();
        while let Some(layer) = layers.next() {
            f.write_str(layer.name())?;
            let next = layers.peek().copied();
            match direction(layer) {
                Some(words) if next.and_then(direction) != Some(words) => write!(f, "{words}")?,
                _ => {}
            }
            if next.is_some() {
                f.write_str(", ")?;
            }
        }
        if self.on(&[Layer::Wire, Layer::Json]).is_lossy() {
            f.write_str(", for some values only")?;
        }
        Ok(())
    }
}

impl Evidence {
    /// What is written, as one line: the value and what travels, or what travels alone.
    pub fn sent(&self) -> String {
        match self.layer {
            Layer::Json => self.payload.clone(),
            _ if self.payload.is_empty() => self.written.clone(),
            _ => format!("{}   {}", self.written, self.payload),
        }
    }

    /// Who writes: `old writer` or `new writer`; of a request `old client` or `new client`.
    pub fn writer(&self) -> &'static str {
        match (self.layer, self.direction) {
            (Layer::Rest, Direction::Backward) => "old client",
            (Layer::Rest, Direction::Forward) => "new client",
            (_, Direction::Backward) => "old writer",
            (_, Direction::Forward) => "new writer",
        }
    }

    /// Who reads: `new reader` or `old reader`; of a request `new server` or `old server`.
    pub fn reader(&self) -> &'static str {
        match (self.layer, self.direction) {
            (Layer::Rest, Direction::Backward) => "new server",
            (Layer::Rest, Direction::Forward) => "old server",
            (_, Direction::Backward) => "new reader",
            (_, Direction::Forward) => "old reader",
        }
    }
}
