//! The icons: one shape per state, always beside its word, never alone, and hidden from a screen reader.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::care::round::outcome::Outcome;

macro_rules! icons {
    (paths { $($path:ident = $d:literal;)* } drawings { $($drawing:ident = $body:literal;)* }) => {
        /// A shape of 20 by 20 in the colour of the text beside it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Icon { $($path,)* $($drawing,)* }

        impl Icon {
            #[cfg(test)]
            pub const ALL: &[Icon] = &[$(Icon::$path,)* $(Icon::$drawing,)*];

            fn body(self) -> &'static str {
                match self {
                    $( Icon::$path => concat!("<path fill-rule=\"evenodd\" d=\"", $d, "\"/>"), )*
                    $( Icon::$drawing => $body, )*
                }
            }
        }
    };
}

icons! {
    paths {
        Overdue = "M10 1.5 19.2 18H.8L10 1.5zM9 7v5.5h2V7H9zm0 7v2h2v-2H9z";
        Due = "M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9 5v5.9l4.1 2.5 1-1.7L11 9.8V5H9z";
        Soon = "M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 2a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM9 6h2v4l3 1.8-1 1.7-4-2.4V6z";
        Given = "M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm4.6 5.2L8.7 12 5.8 9.2l-1.5 1.5L8.7 15l7.4-7.3-1.5-1.5z";
        Refused = "M2 2h16v16H2V2zm4.1 2.7L4.7 6.1 8.6 10l-3.9 3.9 1.4 1.4L10 11.4l3.9 3.9 1.4-1.4L11.4 10l3.9-3.9-1.4-1.4L10 8.6 6.1 4.7z";
        Withheld = "M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3l4.8-4.8zM6.5 6v8H9V6H6.5zM11 6v8h2.5V6H11z";
        NotAvailable = "M2 2h16v16H2V2zm2 2v10.6L14.6 4H4zm12 1.4L5.4 16H16V5.4z";
        Absent = "M2 2h9v2H4v12h7v2H2V2zm11 3.6 5 4.4-5 4.4v-3.2H7V8.8h6V5.6z";
        NoRecord = "M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm0 2a7 7 0 1 0 0 14 7 7 0 0 0 0-14zm-1 9.2V11c0-1 .6-1.5 1.3-2 .6-.4 1-.7 1-1.3 0-.7-.5-1.2-1.3-1.2s-1.4.5-1.5 1.4H6.6C6.7 6 8 4.8 10 4.8s3.4 1.1 3.4 2.8c0 1.4-.9 2.1-1.6 2.6-.6.4-.8.6-.8 1.1v.9H9zm0 1.3h2v2H9v-2z";
        Hold = "M4 3h4.5v14H4V3zm7.5 0H16v14h-4.5V3z";
        Signed = "M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18zm2.3 3.6-5.7 5.7-.6 2.9 2.9-.6 5.7-5.7-2.3-2.3zM6 14.3v1.5h8v-1.5H6z";
        Emergency = "M7 2h6v5h5v6h-5v5H7v-5H2V7h5V2z";
        Pen = "M13.6 2 18 6.4 7 17.4l-5 .6.6-5L13.6 2z";
        Flag = "M4 2h2v1h10l-2.5 4L16 11H6v7H4V2z";
        Lock = "M5 9V6.5a5 5 0 0 1 10 0V9h1.5v9h-13V9H5zm2 0h6V6.5a3 3 0 0 0-6 0V9z";
        Info = "M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM9 9v6h2V9H9zm0-3.5v2h2v-2H9z";
        Eye = "M10 4c4.5 0 7.7 3.4 9 6-1.3 2.6-4.5 6-9 6s-7.7-3.4-9-6c1.3-2.6 4.5-6 9-6zm0 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm0 2a2 2 0 1 1 0 4 2 2 0 0 1 0-4z";
        Alike = "M7 3a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 7 3zm7.3 1a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2zM.8 16.5c0-3.3 2.7-5.5 6.2-5.5s6.2 2.2 6.2 5.5v.5H.8v-.5zM15 17v-.5c0-2.2-.8-4-2.2-5.3.5-.1 1-.2 1.5-.2 2.8 0 5 1.7 5 4.5v1.5H15z";
        Left = "M13 3l1.5 1.5L9 10l5.5 5.5L13 17l-7-7 7-7z";
        Right = "M7 3 5.5 4.5 11 10l-5.5 5.5L7 17l7-7-7-7z";
        Arrow = "M11.5 3 18.5 10l-7 7-1.5-1.5 4.4-4.4H2V8.9h12.4L10 4.5 11.5 3z";
        StepBack = "M1 17h7v-6h5V6h2.5v3L20 4.5 15.5 0v3.2H10.3v5.1H5.5v6H1V17z";
        Step = "M1 3h7v6h5v5h2.5V11L20 15.5 15.5 20v-3.2H10.3V11.7H5.5V5.7H1V3z";
        Down = "M9 2h2v8.2l3-3 1.4 1.4L10 14 4.6 8.6 6 7.2l3 3V2zM3 16h14v2H3v-2z";
        Print = "M5 2h10v4H5V2zM2 7h16v8h-3v3H5v-3H2V7zm5 5v4h6v-4H7z";
        Unequal = "M12.4 2.6l1.8.8L13 6h4v2h-4.9l-1.7 4H17v2H9.5l-1.9 4.4-1.8-.8L7.3 14H3v-2h5.2l1.7-4H3V6h7.8l1.6-3.4z";
        Sleep = "M3 3h8v1.9L6.5 10H11v2H3v-1.9L7.6 5H3V3zm9.5 6H18v1.6L15 14h3v2h-5.8v-1.6L15.3 11h-2.8V9z";
        Brand = "M2 3h6.7v5.3h5.3v4.7h4V18H2V3z";
        Flat = "M2 8.7h16v2.6H2V8.7z";
        Up = "M10 3l7 8h-4.5v6h-5v-6H3l7-8z";
        Shelf = "M2 3h16v4H2V3zm1 5h14v9H3V8zm4 2v2h6v-2H7z";
    }
    drawings {
        Unsigned = r#"<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2.4" stroke-dasharray="3.7 2.6"/>"#;
        Verified = r#"<g fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"><path d="M8.2 11.8l3.6-3.6M8.8 6.2l2-2a3.5 3.5 0 0 1 5 5l-2 2M11.2 13.8l-2 2a3.5 3.5 0 0 1-5-5l2-2"/></g>"#;
        Refresh = r#"<g fill="none" stroke="currentColor" stroke-width="2"><path d="M16 10.5a6 6 0 1 1-1.9-4.7"/><path d="M16.5 2v4.5H12"/></g>"#;
        Search = r#"<g fill="none" stroke="currentColor" stroke-width="2.2"><circle cx="8.5" cy="8.5" r="5.5"/><path d="M12.6 12.6 18 18"/></g>"#;
        Scale = r#"<path d="M2 17V4h2v11h3V8h2v7h3V6h2v9h4v2z"/>"#;
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open =
            r#"<svg class="ico" width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" focusable="false">"#;
        write!(f, "{open}{}</svg>", self.body())
    }
}

impl From<Outcome> for Icon {
    fn from(outcome: Outcome) -> Icon {
        match outcome {
            Outcome::Given | Outcome::SelfAdministered | Outcome::GivenInPart => Icon::Given,
            Outcome::Refused => Icon::Refused,
            Outcome::Withheld => Icon::Withheld,
            Outcome::NotAvailable => Icon::NotAvailable,
            Outcome::Absent => Icon::Absent,
        }
    }
}

/// Its markup is ours alone: nothing in it was typed by anybody.
impl HtmlSafe for Icon {}
