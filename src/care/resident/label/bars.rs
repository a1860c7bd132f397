//! Code 128: a short text as bars and spaces, which any scanner reads back.
//!
//! Source: ISO/IEC 15417. A symbol has three bars and three spaces, eleven modules together; a code begins with the symbol of its
//! set (B: a character each, C: two digits each), ends with a check symbol and the stop, and has ten empty modules on each side.

/// The widths of bar, space, bar, space, bar, space, for the symbols 0 to 105.
const SYMBOLS: &str = "\
212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 \
123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 \
232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 \
313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 \
111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 \
111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 \
114311 411113 411311 113141 114131 311141 411131 211412 211214 211232";
const STOP: &str = "2331112";
const BEGIN_B: u32 = 104;
const BEGIN_C: u32 = 105;
/// What a check symbol is a remainder of.
const CHECKED_BY: u32 = 103;
/// The empty modules on each side.
pub const QUIET: u32 = 10;
/// So many symbols between begin and check fit on a label with bars that any scanner can tell apart.
const MOST: usize = 16;

/// Bars and spaces in turn, each so many modules wide; a bar comes first and last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars(Vec<u32>);

impl Bars {
    /// None where the text has other characters than those of a keyboard, or is too long for a label.
    pub fn of(text: &str) -> Option<Bars> {
        let (begin, values) = values(text)?;
        let weighted: u32 = (1..).zip(&values).map(|(place, value): (u32, &u32)| place * value).sum();
        let check = (begin + weighted) % CHECKED_BY;
        let symbols = std::iter::once(begin).chain(values).chain([check]);
        let widths = symbols.filter_map(|value| SYMBOLS.split(' ').nth(usize::try_from(value).ok()?)).chain([STOP]);
        Some(Bars(widths.flat_map(str::chars).filter_map(|width| width.to_digit(10)).collect()))
    }

    /// The modules from edge to edge, the empty ones among them.
    pub fn modules(&self) -> u32 {
        self.0.iter().sum::<u32>() + 2 * QUIET
    }

    /// Where each bar begins, and how wide it is, in modules from the edge.
    pub fn bars(&self) -> Vec<(u32, u32)> {
        let mut at = QUIET;
        let mut all = Vec::new();
        for pair in self.0.chunks(2) {
            all.push((at, pair[0]));
            at += pair.iter().sum::<u32>();
        }
        all
    }
}

/// The begin symbol of the set that takes fewer symbols, and the symbols of the text.
fn values(text: &str) -> Option<(u32, Vec<u32>)> {
    let bytes = text.as_bytes();
    let pairs = !text.is_empty() && bytes.len().is_multiple_of(2) && bytes.iter().all(u8::is_ascii_digit);
    let (begin, values): (u32, Vec<u32>) = if pairs {
        (BEGIN_C, bytes.chunks(2).map(|pair| u32::from(pair[0] - b'0') * 10 + u32::from(pair[1] - b'0')).collect())
    } else {
        let printed = |byte: &u8| (b' '..=b'~').contains(byte).then(|| u32::from(byte - b' '));
        (BEGIN_B, bytes.iter().map(printed).collect::<Option<_>>()?)
    };
    (1..=MOST).contains(&values.len()).then_some((begin, values))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn digits(symbol: &str) -> Vec<u32> {
        symbol.chars().filter_map(|width| width.to_digit(10)).collect()
    }

    #[test]
    fn every_symbol_is_one_of_its_own_with_eleven_modules_and_an_even_number_of_them_dark() {
        let all: BTreeSet<&str> = SYMBOLS.split(' ').collect();
        assert_eq!((SYMBOLS.split(' ').count(), all.len()), (106, 106));
        for symbol in all {
            let widths = digits(symbol);
            assert_eq!((widths.len(), widths.iter().sum::<u32>()), (6, 11), "{symbol}");
            assert_eq!(widths.iter().step_by(2).sum::<u32>() % 2, 0, "{symbol}");
        }
    }

    #[test]
    fn a_text_by_the_book() {
        let bars = Bars::of("Wikipedia").unwrap();
        let check = digits(SYMBOLS.split(' ').nth(88).unwrap());
        assert_eq!(bars.0[60..66], check, "its check symbol is 88");
        assert_eq!(bars.modules(), 11 * 11 + 13 + 20);
        assert_eq!(Bars::of("0417").unwrap().modules(), 4 * 11 + 13 + 20, "two digits a symbol");
        assert_eq!(bars.bars()[0], (10, 2));
    }

    #[test]
    fn what_no_scanner_types_and_what_is_too_long_has_no_bars() {
        assert!(Bars::of("").is_none() && Bars::of("Ä").is_none() && Bars::of("a\tb").is_none());
        assert!(Bars::of(&"a".repeat(16)).is_some() && Bars::of(&"a".repeat(17)).is_none());
        assert!(Bars::of(&"1".repeat(32)).is_some() && Bars::of(&"1".repeat(34)).is_none());
    }
}
