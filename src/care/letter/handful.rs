//! How many letters are taken in hand together: few, until it has shown how quickly the mail server takes them.

use chrono::TimeDelta;

/// Letters in hand for longer than this are fewer the next time. What they say was looked at when they were taken.
const BRISK: TimeDelta = TimeDelta::milliseconds(250);

/// So many letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handful(usize);

impl Handful {
    /// Where the program dies with letters in hand, those that had just left leave once more: so many at most.
    pub const MOST: usize = 16;

    /// Whatever the mail server is like.
    pub const FIRST: Handful = Handful(1);

    pub fn letters(self) -> usize {
        self.0
    }

    /// The next one, after sending this one took so long: twice as many, or half.
    pub fn after(self, took: TimeDelta) -> Handful {
        let next = if took <= BRISK { self.0 * 2 } else { self.0 / 2 };
        Handful(next.clamp(1, Handful::MOST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quick_mail_server_gets_many_and_a_slow_one_letter_by_letter() {
        let times = |took: i64| {
            std::iter::successors(Some(Handful::FIRST), move |last| {
                Some(last.after(TimeDelta::milliseconds(took * last.letters() as i64)))
            })
        };
        let most = |took| times(took).take(100).map(Handful::letters).max();
        assert_eq!(times(0).take(9).map(Handful::letters).collect::<Vec<_>>(), [1, 2, 4, 8, 16, 16, 16, 16, 16]);
        assert_eq!((most(1), most(20), most(300)), (Some(Handful::MOST), Some(16), Some(1)));
    }

    /// At one moment a mail server that was quick is not any more: it has fewer letters in hand each time.
    #[test]
    fn a_mail_server_that_becomes_slow_gets_one_letter_soon() {
        let slow = |last: &Handful| Some(last.after(TimeDelta::seconds(20)));
        let times = std::iter::successors(Some(Handful(Handful::MOST)), slow);
        assert_eq!(times.take_while(|now| *now != Handful::FIRST).count(), 4);
    }
}
