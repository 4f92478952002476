//! Values that go into a statement. Three types, because only these behave alike in both databases.

use einmal_model::{Ars, Cents, Instant};

/// A parameter of a statement. `None` is SQL's null of that type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text; also ids, keys, dates (ISO 8601) and JSON.
    Text(Option<String>),
    /// Whole numbers; also instants (microseconds), money (cents) and truth values (0, 1).
    Int(Option<i64>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

/// The parameters of a statement, in order: `args![id, 3, None::<String>]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::Value::from($value)),*]
    };
}

macro_rules! value_from {
    ($($type:ty => $variant:ident($binding:ident) $convert:expr;)*) => {
        $(
            impl From<$type> for Value {
                fn from($binding: $type) -> Self {
                    Self::$variant(Some($convert))
                }
            }

            impl From<Option<$type>> for Value {
                fn from(value: Option<$type>) -> Self {
                    Self::$variant(value.map(|$binding| $convert))
                }
            }
        )*
    };
}

value_from! {
    &str => Text(text) text.to_owned();
    String => Text(text) text;
    &String => Text(text) text.clone();
    Ars => Text(key) key.to_string();
    i64 => Int(number) number;
    i32 => Int(number) i64::from(number);
    u32 => Int(number) i64::from(number);
    bool => Int(truth) i64::from(truth);
    Instant => Int(instant) instant.as_micros();
    Cents => Int(amount) amount.0;
    Vec<u8> => Bytes(bytes) bytes;
    &[u8] => Bytes(bytes) bytes.to_vec();
    &Vec<u8> => Bytes(bytes) bytes.clone();
}
