//! Which numbers a facility knows the packs of its products by, as an administrator types them.

use serde::{Serialize, Serializer};

use super::barcode::PackCode;
use super::product::Products;
use crate::care::refusal::Refusal;

/// A number of a pack, and the product in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coded {
    /// The product’s code.
    pub product: String,
    #[serde(serialize_with = "as_text")]
    pub code: PackCode,
}

/// A product has a few packs, of different makers.
const MOST_OF_A_PRODUCT: usize = 12;

fn as_text<S: Serializer>(code: &PackCode, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(code)
}

/// The numbers of one product, with blanks or commas between.
pub fn codes_of(product: &str, typed: &str) -> Result<Vec<Coded>, Refusal> {
    let words = typed.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
    let read = |word| PackCode::read(word).map(|code| Coded { product: product.to_owned(), code });
    let codes: Vec<Coded> = words.map(read).collect::<Result<_, _>>()?;
    if codes.len() > MOST_OF_A_PRODUCT {
        return Err(Refusal::PackCodesMany { most: MOST_OF_A_PRODUCT });
    }
    Ok(codes)
}

/// Every product is one that there is, and no number stands twice: a pack is of one product.
pub fn each_of_one_product(all: &[Coded]) -> Result<(), Refusal> {
    for (n, coded) in all.iter().enumerate() {
        let unknown = || Refusal::ProductUnknown { text: coded.product.chars().take(40).collect() };
        let product = Products::ours().product(&coded.product).ok_or_else(unknown)?;
        if all[..n].iter().any(|before| before.code.names(&coded.code)) {
            let product = format!("{} {}", product.medicine, product.name());
            return Err(Refusal::PackCodeTwice { code: coded.code.to_string(), product });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_with_blanks_or_commas_between() {
        let read = codes_of("197527", " 6291041500213, 12345-678-90\n").unwrap();
        let texts: Vec<String> = read.iter().map(|coded| coded.code.to_string()).collect();
        assert_eq!(texts, ["06291041500213", "1234567890"]);
        assert_eq!(codes_of("197527", "  "), Ok(vec![]));
        assert!(codes_of("197527", "6291041500213 12").is_err());
        let many = "6291041500213 ".repeat(13);
        assert_eq!(codes_of("197527", &many), Err(Refusal::PackCodesMany { most: 12 }));
    }

    #[test]
    fn a_pack_is_of_one_product_however_its_number_is_written() {
        let coded = |product: &str, typed: &str| codes_of(product, typed).unwrap();
        let all = [coded("197527", "12345-678-90"), coded("197528", "12345067890")].concat();
        let code = "12345067890".to_owned();
        let twice = Refusal::PackCodeTwice { code, product: "clonazepam 1\u{a0}mg tablet".into() };
        assert_eq!(each_of_one_product(&all), Err(twice));
        assert_eq!(each_of_one_product(&all[..1]), Ok(()));
        assert!(matches!(each_of_one_product(&coded("x", "12345067890")), Err(Refusal::ProductUnknown { .. })));
    }
}
