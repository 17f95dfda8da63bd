//! What an import costs: an article of 2 MiB, from bytes to the text of its bank.
//!
//! BENCHMARKS.md says how to run these and what they gave.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use greenroom::import::{draft, read};
use greenroom::store::bank_writer;

/// An article of about so many bytes: numbered questions in sections, with answers of 110 words and page furniture.
fn article(bytes: usize) -> String {
    const WORDS: [&str; 24] = [
        "ledger", "harbour", "kettle", "because", "signal", "orchard", "the", "of", "measured", "lantern", "and",
        "bridge", "team", "with", "quarry", "in", "velvet", "budget", "to", "timber", "pilot", "a", "copper", "review",
    ];
    let mut text = String::from("Interview Questions & Answers\nAn introduction.\n");
    let mut dice = 7_u32;
    let mut word = || {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        WORDS[(dice >> 16) as usize % WORDS.len()]
    };
    let mut number = 0;
    while text.len() < bytes {
        if number % 25 == 0 {
            let _ = writeln!(text, "Questions about the {} ({}–{})", word(), number + 1, number + 25);
        }
        number += 1;
        let _ = writeln!(text, "{number}. How do you {} the {} {} number {number}?", word(), word(), word());
        for sentence in 0..11 {
            let _ = write!(
                text,
                "{}I {} {} {} {} {} {} {} {}.",
                if sentence == 0 { "" } else { " " },
                word(),
                word(),
                word(),
                word(),
                word(),
                word(),
                word(),
                word()
            );
        }
        text.push('\n');
        if number % 5 == 0 {
            text += "Related: Something else to read\n";
        }
    }
    text
}

fn import(c: &mut Criterion) {
    let text = article(2 << 20);
    let mut group = c.benchmark_group("import");
    group.throughput(Throughput::Bytes(text.len() as u64)).sample_size(20);
    group.bench_function("an article of 2 MiB, to what is understood", |b| {
        b.iter(|| read("article.txt", black_box(text.as_bytes())))
    });
    group.bench_function("an article of 2 MiB, to the text of its bank", |b| {
        b.iter(|| {
            let reading = read("article.txt", black_box(text.as_bytes())).expect("it is text");
            let draft = draft(&reading.outline, "article", "Article", None).expect("it has questions");
            bank_writer::write(&draft.bank, &[])
        })
    });
    group.finish();
}

criterion_group!(benches, import);
criterion_main!(benches);
