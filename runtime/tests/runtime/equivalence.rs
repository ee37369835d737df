//! One specification in three machines: the token, the pool and the escrow of `docs/equivalence.md`.
//!
//! A *world* is one chain with two tokens, a pool and an escrow, each in some machine. Worlds take the same steps, all by
//! `crossVm.call`, and after each step results, failures, events and everything that can be asked are the same: in worlds of one
//! machine, in mixed worlds, and in the [model](model). What the functions are called, how they fail and what they log is read from the page.

mod model;
mod page;
mod step;
mod world;

use std::collections::BTreeSet;

use proptest::{prelude::*, sample::select};
use trivium_primitives::VmId;

use self::{
	model::{Model, LOCKED, MOST},
	page::{Kind, Pages, PAGE},
	step::{step, Number, Outcome, Step, Who, Word, ALL, PEOPLE},
	world::{pure, World},
};

/// Everything that can be asked of the contracts.
fn questions(deals: usize) -> Vec<Step> {
	let ask = |target, function, arguments| step(Who::Alice, target, function, arguments);
	let mut all = Vec::new();
	for token in [Who::First, Who::Second] {
		all.push(ask(token, "owner", vec![]));
		all.push(ask(token, "supply", vec![]));
		for who in ALL {
			all.push(ask(token, "balance", vec![Word::Who(who)]));
		}
		for holder in PEOPLE {
			for spender in [Who::Alice, Who::Bob, Who::Charlie, Who::Pool, Who::Escrow] {
				let pair = vec![Word::Who(holder), Word::Who(spender)];
				all.push(ask(token, "allowance", pair));
			}
		}
		all.push(ask(
			Who::Pool,
			"quote",
			vec![Word::Who(token), Number(1_000_000)],
		));
	}
	for function in ["owner", "total", "reserves", "tokens"] {
		all.push(ask(Who::Pool, function, vec![]));
	}
	for who in PEOPLE {
		all.push(ask(Who::Pool, "shares", vec![Word::Who(who)]));
	}
	all.push(ask(Who::Escrow, "count", vec![]));
	for id in 0..=deals {
		all.push(ask(Who::Escrow, "deal", vec![Number(id as u128)]));
	}
	all
}

/// Worlds that take the same steps, and the model.
struct Run {
	pages: Pages,
	worlds: Vec<World>,
	model: Model,
	/// What has been seen, by kind of contract and name: functions that succeeded, failures of functions, events.
	succeeded: BTreeSet<(Kind, &'static str)>,
	failed: BTreeSet<(Kind, &'static str, u64)>,
	logged: BTreeSet<(Kind, String)>,
}

impl Run {
	fn new(worlds: &[[VmId; 4]]) -> Self {
		Self {
			pages: Pages::read(),
			worlds: worlds.iter().copied().map(World::new).collect(),
			model: Model::new(),
			succeeded: BTreeSet::new(),
			failed: BTreeSet::new(),
			logged: BTreeSet::new(),
		}
	}

	/// Takes a step in all worlds, and compares what it comes to.
	#[track_caller]
	fn take(&mut self, step: &Step) -> Outcome {
		let outcomes: Vec<_> = self
			.worlds
			.iter_mut()
			.map(|world| world.take(&self.pages, step))
			.collect();
		self.agree(step, &outcomes);
		let expected = self.model.take(step);
		let machines: Vec<_> = self.worlds.iter().map(|world| world.machines).collect();
		assert_eq!(outcomes[0], expected, "{step:?} in {machines:?}");
		self.model.check();

		let kind = step.target.kind();
		match expected.result {
			Ok(_) => {
				self.succeeded.insert((kind, step.function));
			}
			Err(failure) => {
				let listed = &self.pages.of(step.target).functions[step.function].1;
				assert!(listed.contains(&failure), "{step:?}: {failure}");
				self.failed.insert((kind, step.function, failure));
			}
		}
		for log in &expected.logs {
			self.logged.insert((log.contract.kind(), log.event.clone()));
		}
		expected
	}

	/// Asks everything in all worlds, and compares.
	#[track_caller]
	fn compare(&mut self) {
		for question in questions(self.model.deals.len()) {
			let answers: Vec<_> = self
				.worlds
				.iter_mut()
				.map(|world| world.ask(&self.pages, &question))
				.collect();
			self.agree(&question, &answers);
			let expected = self.model.take(&question).result;
			assert_eq!(answers[0], expected, "{question:?}");
		}
	}

	/// The worlds among themselves, whatever the model says.
	#[track_caller]
	fn agree<T: PartialEq + std::fmt::Debug>(&self, step: &Step, outcomes: &[T]) {
		for (world, outcome) in self.worlds.iter().zip(outcomes).skip(1) {
			let [one, other] = [self.worlds[0].machines, world.machines];
			assert_eq!(
				outcome, &outcomes[0],
				"{step:?} differs between {other:?} and {one:?}"
			);
		}
	}
}

/// What the page's example adds to the pool.
const EXAMPLE: [u128; 2] = [3_000_000_000, 2_000_000_000];

/// Steps after which most others succeed: everybody has tokens, the pool is open and has some, Alice and Bob let both contracts
/// take what they like, Charlie lets the pool take a little; one deal is open.
fn beginning(added: [u128; 2]) -> Vec<Step> {
	let mut steps = Vec::new();
	for (token, owner) in [(Who::First, Who::Alice), (Who::Second, Who::Bob)] {
		for (to, value) in PEOPLE.into_iter().zip([1 << 90, 1 << 80, 1 << 60]) {
			steps.push(step(
				owner,
				token,
				"mint",
				vec![Word::Who(to), Number(value)],
			));
		}
		for (holder, spender, value) in [
			(Who::Alice, Who::Pool, u128::MAX),
			(Who::Alice, Who::Escrow, u128::MAX),
			(Who::Bob, Who::Pool, u128::MAX),
			(Who::Bob, Who::Escrow, 1 << 70),
			(Who::Charlie, Who::Pool, 1_000_000),
		] {
			let arguments = vec![Word::Who(spender), Number(value)];
			steps.push(step(holder, token, "approve", arguments));
		}
	}
	steps.push(step(
		Who::Alice,
		Who::Pool,
		"open",
		vec![Word::Who(Who::First), Word::Who(Who::Second)],
	));
	let parties = [Who::First, Who::Bob, Who::Charlie].map(Word::Who);
	let arguments = [&parties[..], &[Number(1_000)]].concat();
	steps.push(step(Who::Alice, Who::Escrow, "open", arguments));
	let arguments = [added[0], added[1], 0].map(Number).to_vec();
	steps.push(step(Who::Alice, Who::Pool, "add", arguments));
	steps
}

fn number() -> impl Strategy<Value = Word> {
	prop_oneof![
		4 => 0..5_000u128,
		6 => 1_000..1_000_000_000_000u128,
		3 => (50..90u32, any::<u64>()).prop_map(|(bits, low)| (1 << bits) + u128::from(low)),
		1 => select(vec![0, 1, LOCKED, LOCKED + 1, MOST - 1, MOST, MOST + 1, u128::MAX - 1, u128::MAX]),
		1 => any::<u128>(),
	]
	.prop_map(Number)
}

/// The least that a caller asks for: mostly nothing.
fn least() -> impl Strategy<Value = Word> {
	prop_oneof![3 => Just(Number(0)), 1 => number()]
}

fn any_step() -> impl Strategy<Value = Step> {
	let someone = || prop_oneof![8 => select(PEOPLE.to_vec()), 1 => select(ALL.to_vec())];
	let token = || select(vec![Who::First, Who::Second]);
	let named = || prop_oneof![12 => token(), 1 => select(ALL.to_vec())];
	let id = || prop_oneof![8 => 0..2u128, 1 => any::<u64>().prop_map(u128::from)];
	let call = prop_oneof![
		1 => (token(), someone(), number()).prop_map(|(token, to, value)|
			(token, "mint", vec![Word::Who(to), value])),
		1 => (token(), number()).prop_map(|(token, value)| (token, "burn", vec![value])),
		2 => (token(), someone(), number()).prop_map(|(token, to, value)|
			(token, "transfer", vec![Word::Who(to), value])),
		2 => (token(), someone(), number()).prop_map(|(token, spender, value)|
			(token, "approve", vec![Word::Who(spender), value])),
		1 => (token(), select(vec![Who::Pool, Who::Escrow]), number()).prop_map(|(token, spender, value)|
			(token, "approve", vec![Word::Who(spender), value])),
		2 => (token(), someone(), someone(), number()).prop_map(|(token, from, to, value)|
			(token, "pull", vec![Word::Who(from), Word::Who(to), value])),
		1 => (named(), named()).prop_map(|(first, second)|
			(Who::Pool, "open", vec![Word::Who(first), Word::Who(second)])),
		3 => (number(), number(), least()).prop_map(|(first, second, least)|
			(Who::Pool, "add", vec![first, second, least])),
		3 => (number(), least(), least()).prop_map(|(shares, first, second)|
			(Who::Pool, "remove", vec![shares, first, second])),
		5 => (named(), number(), least()).prop_map(|(token, given, least)|
			(Who::Pool, "swap", vec![Word::Who(token), given, least])),
		1 => (named(), number()).prop_map(|(token, given)|
			(Who::Pool, "quote", vec![Word::Who(token), given])),
		3 => (named(), someone(), someone(), number()).prop_map(|(token, seller, arbiter, amount)|
			(Who::Escrow, "open", vec![Word::Who(token), Word::Who(seller), Word::Who(arbiter), amount])),
		3 => id().prop_map(|id| (Who::Escrow, "release", vec![Number(id)])),
		3 => id().prop_map(|id| (Who::Escrow, "refund", vec![Number(id)])),
	];
	(select(PEOPLE.to_vec()), call).prop_map(|(caller, (target, function, arguments))| {
		step(caller, target, function, arguments)
	})
}

fn machine() -> impl Strategy<Value = VmId> {
	select(vec![VmId::EVM, VmId::WASM, VmId::MOVE])
}

/// What the pool has at the beginning: a lot, or so little that small results come to nothing. Of equal amounts many results are exact.
fn added() -> impl Strategy<Value = [u128; 2]> {
	let some = || prop_oneof![2 => 1_002..4_000u128, 1 => 4_000..1u128 << 79];
	prop_oneof![
		1 => Just(EXAMPLE),
		2 => [some(), some()],
		2 => some().prop_map(|both| [both, both]),
	]
}

/// Takes the steps, mostly after the [`beginning`], in each of the worlds.
fn drive(worlds: &[[VmId; 4]], added: Option<[u128; 2]>, steps: &[Step]) {
	let mut run = Run::new(worlds);
	for step in added.into_iter().flat_map(beginning) {
		run.take(&step).result.expect("succeeds");
	}
	run.compare();
	for step in steps {
		run.take(step);
		run.compare();
	}
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

	/// The three implementations do the same, step by step.
	#[test]
	fn three_machines_do_the_same(
		added in prop::option::weighted(0.9, added()),
		steps in prop::collection::vec(any_step(), 1..32),
	) {
		drive(&[pure(VmId::EVM), pure(VmId::WASM), pure(VmId::MOVE)], added, &steps);
	}

	/// Worlds of several machines do what the model does.
	#[test]
	fn mixed_worlds_do_what_the_model_does(
		machines in prop::array::uniform4(machine()),
		added in added(),
		steps in prop::collection::vec(any_step(), 1..32),
	) {
		let named = [VmId::MOVE, VmId::MOVE, VmId::EVM, VmId::WASM];
		drive(&[named, machines], Some(added), &steps);
	}
}

/// All worlds of one machine, and one of all.
fn worlds() -> [[VmId; 4]; 4] {
	[
		pure(VmId::EVM),
		pure(VmId::WASM),
		pure(VmId::MOVE),
		[VmId::WASM, VmId::MOVE, VmId::EVM, VmId::WASM],
	]
}

/// The numbers of the page's example.
#[test]
fn example_of_the_page_comes_out_as_it_says() {
	let mut run = Run::new(&worlds());
	for step in beginning(EXAMPLE) {
		run.take(&step).result.expect("succeeds");
	}
	let mut said = Vec::new();
	let mut check = |run: &mut Run, function, arguments: &[Word], expected: &[u128]| {
		let results = run.take(&step(Who::Alice, Who::Pool, function, arguments.to_vec()));
		let expected: Vec<_> = expected.iter().copied().map(Number).collect();
		assert_eq!(results.result, Ok(expected.clone()), "{function}");
		said.extend(expected);
	};
	// The beginning has added 3,000,000,000 and 2,000,000,000.
	check(&mut run, "total", &[], &[2_449_489_742]);
	check(
		&mut run,
		"shares",
		&[Word::Who(Who::Alice)],
		&[2_449_488_742],
	);
	let first = Word::Who(Who::First);
	let million = Number(1_000_000);
	let nothing = Number(0);
	check(&mut run, "swap", &[first, million, nothing], &[664_445]);
	check(&mut run, "reserves", &[], &[3_001_000_000, 1_999_335_555]);
	check(
		&mut run,
		"remove",
		&[Number(1_000_000_000), nothing, nothing],
		&[1_225_153_120, 816_225_322],
	);
	check(&mut run, "add", &[million, million, nothing], &[816_224]);
	let shown = PAGE.split("### An example").nth(1).expect("is there");
	let shown = shown
		.split("\n#")
		.next()
		.expect("has text")
		.replace(',', "");
	for word in said {
		let Number(number) = word else {
			panic!("all are numbers")
		};
		assert!(shown.contains(&number.to_string()), "{number}");
	}
	run.compare();
}

/// Steps that reach every failure of every function: who calls what with which arguments, and the number of the failure if it
/// fails. `begin` is the [`beginning`] up to the first tokens of the pool, `add` the rest of it.
const FAILURES: &str = "
	bob first mint bob 1 = 1
	alice first mint alice 100
	alice first mint bob MAX = 2
	alice first burn 101 = 3
	alice first burn 1
	bob first transfer alice 1 = 3
	alice first transfer alice 99
	bob first pull alice bob 1 = 4
	bob first pull alice bob 100 = 4
	alice first approve bob 100
	bob first pull alice bob 100 = 3
	bob first pull alice bob 40

	alice pool tokens = 4
	alice pool quote first 1 = 4
	alice pool swap first 1 0 = 4
	alice pool add 1 1 0 = 4
	alice pool remove 1 0 0 = 4
	bob pool open first second = 1
	alice pool open first first = 3
	begin
	alice pool open first second = 2
	alice pool open first first = 2
	alice pool quote bob 0 = 5
	alice pool quote first 0 = 6
	alice pool quote first MAX = 7
	alice pool swap bob 0 0 = 5
	alice pool swap first 0 0 = 6
	alice pool swap first MAX 0 = 7
	alice pool remove 0 0 0 = 6
	alice pool remove 1 0 0 = 10
	alice pool add 1000 1000 0 = 9
	alice pool add MOST+1 1 0 = 8
	add
	alice pool quote second MOST = 8
	alice pool swap second MOST 0 = 8
	alice pool add 0 MAX 0 = 6
	alice pool add 1 MAX 0 = 8
	alice pool add 1 1 0 = 9
	alice pool add 1000000 1000000 816497 = 9
	alice pool add 1000000 1000000 816496
	charlie pool add 2000000 2000000 0 = 11
	charlie pool swap first 2000000 0 = 11
	alice pool swap first 1 0 = 9
	bob pool swap first 1000000 MAX = 9
	bob pool swap first 1000000 0
	charlie pool swap second 1000000 0
	bob pool remove 1 0 0 = 10
	alice pool remove 1 0 0 = 9
	alice pool remove 1000000 0 1000000 = 9
	alice pool remove 1000000 0 0

	alice escrow open first alice charlie 0 = 1
	alice escrow open first alice charlie 5 = 2
	charlie escrow open first bob charlie 5 = 6
	alice escrow open charlie bob charlie 5 = 6
	alice escrow open escrow bob charlie 5 = 6
	alice escrow open second bob charlie 5
	alice escrow open broken bob charlie 5
	alice escrow deal 3 = 3
	alice escrow release 3 = 3
	alice escrow refund 3 = 3
	bob escrow release 0 = 5
	alice escrow refund 0 = 5
	charlie escrow refund 0
	charlie escrow refund 0 = 4
	bob escrow release 0 = 4
	alice escrow release 1
	alice escrow release 1 = 4
	charlie escrow refund 1 = 4
	alice escrow release 2 = 6
	bob escrow refund 2 = 6
";

/// The same with a pool whose second token does not pay.
const BROKEN_POOL: &str = "
	alice first mint alice 1000000
	alice first approve pool MAX
	alice pool open first broken
	alice pool add 10000 10000 0
	alice pool add 500 500 501 = 9
	alice pool add 500 500 500
	alice pool swap first 500 0 = 11
	alice pool remove 500 0 0 = 11
";

fn word(text: &str) -> Word {
	match text {
		"MOST" => Number(MOST),
		"MOST+1" => Number(MOST + 1),
		"MAX" => Number(u128::MAX),
		name => match who(name) {
			Some(who) => Word::Who(who),
			None => Number(name.parse().expect("a number")),
		},
	}
}

fn who(name: &str) -> Option<Who> {
	let mut all = ALL.into_iter();
	all.find(|who| format!("{who:?}").eq_ignore_ascii_case(name))
}

/// Takes the steps of a text, and checks that they succeed or fail as it says.
fn play(run: &mut Run, script: &'static str) {
	let (add, others) = (beginning(EXAMPLE), beginning(EXAMPLE));
	let (add, others) = (&add[add.len() - 1..], &others[..others.len() - 1]);
	for line in script
		.lines()
		.map(str::trim)
		.filter(|line| !line.is_empty())
	{
		if let "begin" | "add" = line {
			for step in if line == "add" { add } else { others } {
				run.take(step).result.expect("succeeds");
			}
			continue;
		}
		let (call, failure) = line.split_once(" = ").unwrap_or((line, "0"));
		let mut parts = call.split(' ');
		let mut name = || parts.next().expect("caller, contract, function");
		let (caller, target, function) = (name(), name(), name());
		let [caller, target] = [caller, target].map(|name| who(name).expect("is somebody"));
		let taken = run.take(&step(caller, target, function, parts.map(word).collect()));
		assert_eq!(
			taken.result.err().unwrap_or(0).to_string(),
			failure,
			"{line}"
		);
	}
}

/// Every function of the page succeeds, fails in every way that the page lists, and every event is logged, in each machine.
#[test]
fn every_failure_and_event_of_the_page_is_seen() {
	let mut run = Run::new(&worlds());
	play(&mut run, FAILURES);
	// As steps, these have neither events nor effects.
	for question in questions(run.model.deals.len()) {
		run.take(&question);
	}
	let mut broken = Run::new(&worlds());
	play(&mut broken, BROKEN_POOL);
	broken.compare();
	run.failed.extend(broken.failed);

	let (mut functions, mut failures, mut events) =
		(BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
	for (kind, page) in &run.pages.0 {
		let mut listed = BTreeSet::new();
		for (name, (_, numbers)) in &page.functions {
			functions.insert((*kind, *name));
			failures.extend(numbers.iter().map(|number| (*kind, *name, *number)));
			listed.extend(numbers.iter().copied());
		}
		assert!(listed.iter().eq(page.failures.keys()), "{kind:?}");
		let names = page.events.iter().map(|event| event.name.to_string());
		events.extend(names.map(|name| (*kind, name)));
	}
	assert_eq!(run.succeeded, functions);
	assert_eq!(run.failed, failures);
	assert_eq!(run.logged, events);
}
