//! How the table of refusals is written: one line for each, from which its name, its code and its sentence are made.

/// Declares the refusals: name and values, a stable code, the form field it belongs to ("" for none), and the sentence.
macro_rules! refusals {
    ($( $name:ident $({ $($value:ident : $kind:ty),* $(,)? })? = $code:literal at $field:literal : $sentence:literal; )*) => {
        /// A rule that says no. Its text is the sentence the user reads; nothing was saved.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum Refusal {
            $( #[error($sentence)] $name $({ $($value: $kind),* })?, )*
        }

        impl Refusal {
            /// A stable word for programs: `plan preview --json`, tests and logs.
            pub fn code(&self) -> &'static str {
                match self { $( Refusal::$name { .. } => $code, )* }
            }

            /// The form field the sentence belongs to; empty when it is about the whole page.
            pub fn field(&self) -> &'static str {
                match self { $( Refusal::$name { .. } => $field, )* }
            }
        }
    };
}
