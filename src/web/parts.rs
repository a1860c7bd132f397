//! Views that several pages share, each made from plain facts. A page writes `{{ banner }}` and no more.

pub mod banner;
pub mod chart;
pub mod checks;
pub mod course;
pub mod decided;
pub mod decisions;
pub mod deviation;
pub mod dose;
pub mod gradual;
pub mod icon;
pub mod initials;
pub mod kept;
pub mod lettering;
pub mod missed;
pub mod on_time;
pub mod pause;
pub mod pieces;
pub mod pixels;
pub mod progress;
pub mod samples;
pub mod scores;
pub mod span;
pub mod spark;
pub mod step_pair;
pub mod steps;
pub mod strip;
pub mod tags;
pub mod waiting;

pub use banner::Banner;
pub use dose::DoseView;
pub use icon::Icon;
pub use initials::initials;
pub use span::span_text;
pub use tags::Tag;
