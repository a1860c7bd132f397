//! Parts that several pages show: drawings and small views, made from plain facts and rendered with `{{ part|safe }}`.

pub mod chart;
pub mod deviation;
pub mod lettering;
pub mod missed;
pub mod on_time;
pub mod pieces;
pub mod pixels;
pub mod progress;
pub mod step_pair;
pub mod strip;
