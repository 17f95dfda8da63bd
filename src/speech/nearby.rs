//! How loud the noise and the voice are from place to place, in blocks of half a second: a fan comes on, a car goes by,
//! and who leans back is not heard as before.

use super::voice::{loud_mean, ratio};

/// The frames of a block.
pub(super) const BLOCK: usize = 50;

/// So many frames of noise, the nearest ones, tell what it is like at a place: the mean of so many windows that overlap is
/// right to half a dB, and even in fluent speech they lie within some 10 s.
const ENOUGH: usize = 200;

/// The voice is looked at over so many blocks: 5 s.
const PART: usize = 10;

/// So many voiced frames among them tell how loud it is: a second. The sound of a room after a word is voiced too, but
/// shorter.
const LEAST_VOICED: usize = 100;

/// The mean of `value` over the chosen frames that are nearest to each block; empty where nothing is chosen.
pub(super) fn means<const N: usize>(
    count: usize,
    chosen: &[usize],
    value: impl Fn(usize) -> [f32; N],
) -> Vec<[f32; N]> {
    let blocks = count.div_ceil(BLOCK);
    if chosen.is_empty() {
        return Vec::new();
    }
    let mut sums = vec![([0.0f64; N], 0usize); blocks];
    for &n in chosen {
        let (sum, count) = &mut sums[n / BLOCK];
        sum.iter_mut().zip(value(n)).for_each(|(sum, value)| *sum += f64::from(value));
        *count += 1;
    }
    let mean = |block: usize| {
        let (mut whole, mut count) = sums[block];
        for away in 1..blocks {
            if count >= ENOUGH {
                break;
            }
            let before = block.checked_sub(away).map(|block| sums[block]);
            for (sum, more) in [before, sums.get(block + away).copied()].into_iter().flatten() {
                whole.iter_mut().zip(sum).for_each(|(whole, sum)| *whole += sum);
                count += more;
            }
        }
        whole.map(|sum| (sum / count as f64) as f32)
    };
    (0..blocks).map(mean).collect()
}

/// How loud the voice is in each block, by the energies of the frames that are voiced: the least of what it is in any 5 s
/// around it that have enough of it, so that who speaks up does not make what was said before unheard of. Where nobody
/// speaks it is as loud as at the nearest place; `otherwise` where nobody does at all.
pub(super) fn voices(energy: &[f32], voiced: impl Fn(usize) -> bool, otherwise: f32) -> Vec<f32> {
    let blocks = energy.len().div_ceil(BLOCK);
    let mut told: Vec<Option<f32>> = vec![None; blocks];
    let mut part = Vec::new();
    let last = blocks.saturating_sub(PART);
    for start in (0..=last).step_by(2).chain((last % 2 == 1).then_some(last)) {
        let end = (start + PART).min(blocks);
        part.clear();
        part.extend((start * BLOCK..(end * BLOCK).min(energy.len())).filter(|n| voiced(*n)).map(|n| energy[n]));
        if part.len() < LEAST_VOICED {
            continue;
        }
        let level = loud_mean(&mut part);
        for told in &mut told[start..end] {
            *told = Some(told.map_or(level, |told: f32| told.min(level)));
        }
    }
    let known: Vec<usize> = (0..blocks).filter(|block| told[*block].is_some()).collect();
    let nearest = |block: usize| {
        let after = known.partition_point(|place| *place < block);
        let places = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|place| known.get(place));
        places.min_by_key(|place| place.abs_diff(block)).and_then(|place| told[*place])
    };
    (0..blocks).map(|block| nearest(block).unwrap_or(otherwise)).collect()
}

/// Whether two levels are no more than so many dB apart.
pub(super) fn alike(left: f32, right: f32, db: f32) -> bool {
    left <= right * ratio(db) && right <= left * ratio(db)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_of_a_place_is_that_of_what_is_calm_near_it() {
        let calm: Vec<usize> = (0..6_000).filter(|n| n % 300 < 100).collect();
        let level = |n: usize| if n < 3_000 { 1.0 } else { 100.0 };
        let means = means(6_000, &calm, |n| [level(n)]);
        assert_eq!(means.len(), 120);
        assert!(means[..50].iter().all(|mean| *mean == [1.0]), "{means:?}");
        assert!(means[70..].iter().all(|mean| *mean == [100.0]), "{means:?}");
    }

    #[test]
    fn a_voice_is_as_loud_as_where_it_speaks() {
        // Loud, then a pause of 10 s, then weak, and a second of neither.
        let energy: Vec<f32> = (0..6_000).map(|n| if n < 2_000 { 1.0 } else { 1e-4 }).collect();
        let voices = voices(&energy, |n| !(2_000..3_000).contains(&n) && n < 5_900, 9.0);
        assert!(voices[..38].iter().all(|voice| (voice - 1.0).abs() < 1e-3), "{voices:?}");
        assert!(voices[60..].iter().all(|voice| (voice - 1e-4).abs() < 1e-6), "{voices:?}");
        let nobody = super::voices(&energy, |_| false, 9.0);
        assert!(nobody.iter().all(|voice| *voice == 9.0));
    }
}
