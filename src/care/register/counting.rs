//! A count by two people: each writes down what they counted themselves.

use super::parts::Parts;
use crate::care::medicine::product::Product;
use crate::care::refusal::Refusal;

/// Both found the same; otherwise both count again. What the register says plays no part in it.
pub fn agreed(first: Parts, second: Option<Parts>, product: &Product) -> Result<(), Refusal> {
    match second {
        None => Err(Refusal::SecondCountMissing),
        Some(second) if second == first => Ok(()),
        Some(second) => Err(Refusal::CountsDiffer { first: first.text(product), second: second.text(product) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::care::medicine::product::Products;

    #[test]
    fn two_people_who_count_differently_count_again() {
        let tablet = Products::ours().product("197527").expect("clonazepam 0.5 mg tablets");
        assert_eq!(agreed(Parts(56), Some(Parts(56)), tablet), Ok(()));
        assert_eq!(agreed(Parts(56), None, tablet), Err(Refusal::SecondCountMissing));
        let differ = Refusal::CountsDiffer { first: "28".into(), second: "27.5".into() };
        assert_eq!(agreed(Parts(56), Some(Parts(55)), tablet), Err(differ));
    }
}
