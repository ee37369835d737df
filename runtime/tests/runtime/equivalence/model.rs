//! The specification once more, as plain Rust.

use std::collections::BTreeMap;

use polkadot_sdk::sp_core::U256;

use super::step::{Log, Number, Outcome, Step, Who, Word};

/// What is known of the contracts, by the page alone.
#[derive(Clone)]
pub struct Model {
	first: Books,
	second: Books,
	pool: PoolBooks,
	pub deals: Vec<Deal>,
	/// Of the step that runs: frames so far, and events.
	frames: u32,
	logs: Vec<Log>,
}

#[derive(Clone)]
struct Books {
	owner: Who,
	supply: u128,
	balances: BTreeMap<Who, u128>,
	allowances: BTreeMap<(Who, Who), u128>,
}

#[derive(Clone, Default)]
struct PoolBooks {
	tokens: Option<[Who; 2]>,
	reserves: [u128; 2],
	total: u128,
	shares: BTreeMap<Who, u128>,
}

#[derive(Clone)]
pub struct Deal {
	buyer: Who,
	seller: Who,
	arbiter: Who,
	token: Who,
	amount: u128,
	state: u128,
}

/// The most of a reserve.
pub const MOST: u128 = (1 << 112) - 1;
/// Shares that are nobody's.
pub const LOCKED: u128 = 1_000;

/// `⌊a · b / by⌋`.
fn part(a: u128, b: u128, by: U256) -> U256 {
	U256::from(a) * U256::from(b) / by
}

fn ensure(condition: bool, failure: u64) -> Result<(), u64> {
	match condition {
		true => Ok(()),
		false => Err(failure),
	}
}

impl Books {
	pub fn new(owner: Who) -> Self {
		Self {
			owner,
			supply: 0,
			balances: BTreeMap::new(),
			allowances: BTreeMap::new(),
		}
	}

	fn balance(&self, of: Who) -> u128 {
		self.balances.get(&of).copied().unwrap_or_default()
	}

	fn shift(&mut self, from: Who, to: Who, value: u128) -> Result<(), u64> {
		let left = self.balance(from).checked_sub(value).ok_or(3u64)?;
		self.balances.insert(from, left);
		self.balances.insert(to, self.balance(to) + value);
		Ok(())
	}
}

impl Model {
	pub fn new() -> Self {
		Self {
			first: Books::new(Who::Alice),
			second: Books::new(Who::Bob),
			pool: PoolBooks::default(),
			deals: Vec::new(),
			frames: 0,
			logs: Vec::new(),
		}
	}

	pub fn take(&mut self, step: &Step) -> Outcome {
		let before = self.clone();
		(self.frames, self.logs) = (0, Vec::new());
		let result = self.call(step.caller, step.target, step.function, &step.arguments);
		let logs = std::mem::take(&mut self.logs);
		if result.is_err() {
			*self = before;
			return Outcome {
				result,
				logs: Vec::new(),
			};
		}
		Outcome { result, logs }
	}

	fn call(
		&mut self,
		caller: Who,
		target: Who,
		function: &str,
		arguments: &[Word],
	) -> Result<Vec<Word>, u64> {
		let frame = self.frames;
		self.frames += 1;
		let log = match target {
			Who::First | Who::Second => self.token(caller, target, function, arguments),
			Who::Pool => self.pool(caller, function, arguments),
			Who::Escrow => self.escrow(caller, function, arguments),
			_ => panic!("{target:?} is not called"),
		};
		let (results, log) = log?;
		if let Some((event, fields)) = log {
			self.logs.push(Log {
				frame,
				contract: target,
				event: event.to_string(),
				fields,
			});
		}
		Ok(results)
	}

	/// What the pool and the escrow ask of a token, if it is one.
	fn ask(
		&mut self,
		caller: Who,
		token: Who,
		function: &str,
		arguments: &[Word],
	) -> Result<(), ()> {
		match token {
			Who::First | Who::Second => self
				.call(caller, token, function, arguments)
				.map(drop)
				.map_err(drop),
			Who::Broken if function == "pull" => {
				self.frames += 1;
				Ok(())
			}
			_ => Err(()),
		}
	}

	fn token(&mut self, caller: Who, own: Who, function: &str, arguments: &[Word]) -> Done {
		let books = match own {
			Who::First => &mut self.first,
			_ => &mut self.second,
		};
		let said = |event, fields: &[Word]| Ok((vec![], Some((event, fields.to_vec()))));
		match (function, arguments) {
			("owner", []) => results([Word::Who(books.owner)]),
			("supply", []) => results([Number(books.supply)]),
			("balance", [Word::Who(of)]) => results([Number(books.balance(*of))]),
			("allowance", [Word::Who(holder), Word::Who(spender)]) => {
				let allowed = books.allowances.get(&(*holder, *spender));
				results([Number(allowed.copied().unwrap_or_default())])
			}
			("mint", [Word::Who(to), Number(value)]) => {
				ensure(caller == books.owner, 1)?;
				books.supply = books.supply.checked_add(*value).ok_or(2u64)?;
				books.balances.insert(*to, books.balance(*to) + value);
				said("Minted", arguments)
			}
			("burn", [Number(value)]) => {
				let left = books.balance(caller).checked_sub(*value).ok_or(3u64)?;
				books.balances.insert(caller, left);
				books.supply -= value;
				said("Burned", &[Word::Who(caller), Number(*value)])
			}
			("transfer", [Word::Who(to), Number(value)]) => {
				books.shift(caller, *to, *value)?;
				said(
					"Transfer",
					&[Word::Who(caller), Word::Who(*to), Number(*value)],
				)
			}
			("approve", [Word::Who(spender), Number(value)]) => {
				books.allowances.insert((caller, *spender), *value);
				said(
					"Approval",
					&[Word::Who(caller), Word::Who(*spender), Number(*value)],
				)
			}
			("pull", [Word::Who(from), Word::Who(to), Number(value)]) => {
				let allowed = books.allowances.entry((*from, caller)).or_default();
				if *allowed != u128::MAX {
					*allowed = allowed.checked_sub(*value).ok_or(4u64)?;
				}
				books.shift(*from, *to, *value)?;
				said("Transfer", arguments)
			}
			_ => panic!("the token has no {function}{arguments:?}"),
		}
	}

	fn pool(&mut self, caller: Who, function: &str, arguments: &[Word]) -> Done {
		let own = Who::Pool;
		let pool = &mut self.pool;
		let shares = |pool: &PoolBooks, of| pool.shares.get(&of).copied().unwrap_or_default();
		match (function, arguments) {
			("owner", []) => results([Word::Who(Who::Alice)]),
			("total", []) => results([Number(pool.total)]),
			("shares", [Word::Who(of)]) => results([Number(shares(pool, *of))]),
			("reserves", []) => results(pool.reserves.map(Number)),
			("tokens", []) => results(pool.tokens.ok_or(4u64)?.map(Word::Who)),
			("open", [Word::Who(first), Word::Who(second)]) => {
				ensure(caller == Who::Alice, 1)?;
				ensure(pool.tokens.is_none(), 2)?;
				ensure(first != second, 3)?;
				pool.tokens = Some([*first, *second]);
				Ok((vec![], Some(("Opened", arguments.to_vec()))))
			}
			("quote", [Word::Who(token), Number(given)]) => {
				results([Number(pool.quote(*token, *given)?.1)])
			}
			("add", [Number(first), Number(second), Number(least)]) => {
				let tokens = pool.tokens.ok_or(4u64)?;
				ensure(*first > 0 && *second > 0, 6)?;
				let [x, y] = pool.reserves;
				ensure(*first <= MOST - x && *second <= MOST - y, 8)?;
				let made = if pool.total == 0 {
					let root = (U256::from(*first) * U256::from(*second)).integer_sqrt();
					pool.total = LOCKED;
					root.as_u128().saturating_sub(LOCKED)
				} else {
					let [first, second] = [(first, x), (second, y)]
						.map(|(given, reserve)| part(*given, pool.total, reserve.into()));
					first.min(second).as_u128()
				};
				ensure(made > 0 && made >= *least, 9)?;
				pool.total += made;
				pool.shares.insert(caller, shares(pool, caller) + made);
				pool.reserves = [x + first, y + second];
				for (token, given) in tokens.into_iter().zip([first, second]) {
					let arguments = [Word::Who(caller), Word::Who(own), Number(*given)];
					self.ask(own, token, "pull", &arguments)
						.map_err(|()| 11u64)?;
				}
				let fields = [*first, *second, made].map(Number);
				let fields = [&[Word::Who(caller)][..], &fields].concat();
				Ok((vec![Number(made)], Some(("Added", fields))))
			}
			("remove", [Number(given), Number(least_first), Number(least_second)]) => {
				let tokens = pool.tokens.ok_or(4u64)?;
				ensure(*given > 0, 6)?;
				let left = shares(pool, caller).checked_sub(*given).ok_or(10u64)?;
				let [first, second] = pool
					.reserves
					.map(|reserve| part(*given, reserve, pool.total.into()).as_u128());
				ensure(first > 0 && second > 0, 9)?;
				ensure(first >= *least_first && second >= *least_second, 9)?;
				pool.total -= given;
				pool.shares.insert(caller, left);
				pool.reserves = [pool.reserves[0] - first, pool.reserves[1] - second];
				for (token, value) in tokens.into_iter().zip([first, second]) {
					let arguments = [Word::Who(caller), Number(value)];
					self.ask(own, token, "transfer", &arguments)
						.map_err(|()| 11u64)?;
				}
				let fields = [first, second, *given].map(Number);
				let fields = [&[Word::Who(caller)][..], &fields].concat();
				Ok((
					vec![Number(first), Number(second)],
					Some(("Removed", fields)),
				))
			}
			("swap", [Word::Who(token), Number(given), Number(least)]) => {
				let (side, got) = pool.quote(*token, *given)?;
				ensure(got > 0 && got >= *least, 9)?;
				let tokens = pool.tokens.expect("was asked for a price");
				let product = |[x, y]: [u128; 2]| U256::from(x) * U256::from(y);
				let before = product(pool.reserves);
				pool.reserves[side] += given;
				pool.reserves[1 - side] -= got;
				assert!(product(pool.reserves) >= before, "the product never falls");
				let arguments = [Word::Who(caller), Word::Who(own), Number(*given)];
				self.ask(own, tokens[side], "pull", &arguments)
					.map_err(|()| 11u64)?;
				let arguments = [Word::Who(caller), Number(got)];
				self.ask(own, tokens[1 - side], "transfer", &arguments)
					.map_err(|()| 11u64)?;
				let fields = vec![
					Word::Who(caller),
					Word::Who(*token),
					Number(*given),
					Number(got),
				];
				Ok((vec![Number(got)], Some(("Swapped", fields))))
			}
			_ => panic!("the pool has no {function}{arguments:?}"),
		}
	}

	fn escrow(&mut self, caller: Who, function: &str, arguments: &[Word]) -> Done {
		let own = Who::Escrow;
		let number = |id: &u128| usize::try_from(*id).unwrap_or(usize::MAX);
		match (function, arguments) {
			("count", []) => results([Number(self.deals.len() as u128)]),
			("deal", [Number(id)]) => {
				let deal = self.deals.get(number(id)).ok_or(3u64)?;
				let parties = [deal.buyer, deal.seller, deal.arbiter, deal.token].map(Word::Who);
				let numbers = [deal.amount, deal.state].map(Number);
				Ok(([&parties[..], &numbers].concat(), None))
			}
			("open", [Word::Who(token), Word::Who(seller), Word::Who(arbiter), Number(amount)]) => {
				ensure(*amount > 0, 1)?;
				ensure(caller != *seller, 2)?;
				let id = Number(self.deals.len() as u128);
				self.deals.push(Deal {
					buyer: caller,
					seller: *seller,
					arbiter: *arbiter,
					token: *token,
					amount: *amount,
					state: 0,
				});
				let pulled = [Word::Who(caller), Word::Who(own), Number(*amount)];
				self.ask(own, *token, "pull", &pulled).map_err(|()| 6u64)?;
				let parties = [caller, *seller, *arbiter].map(Word::Who);
				let fields = [&parties[..], &[id, Word::Who(*token), Number(*amount)]].concat();
				Ok((vec![id], Some(("Opened", fields))))
			}
			("release" | "refund", [Number(id)]) => {
				let deal = self.deals.get_mut(number(id)).ok_or(3u64)?;
				ensure(deal.state == 0, 4)?;
				let (by, to, state, event) = match function {
					"release" => (deal.buyer, deal.seller, 1, "Released"),
					_ => (deal.seller, deal.buyer, 2, "Refunded"),
				};
				ensure(caller == by || caller == deal.arbiter, 5)?;
				deal.state = state;
				let (token, paid) = (deal.token, [Word::Who(to), Number(deal.amount)]);
				self.ask(own, token, "transfer", &paid).map_err(|()| 6u64)?;
				Ok((vec![], Some((event, vec![Word::Who(caller), Number(*id)]))))
			}
			_ => panic!("the escrow has no {function}{arguments:?}"),
		}
	}

	/// What the page says besides what each function does.
	pub fn check(&self) {
		for books in [&self.first, &self.second] {
			let sum: u128 = books.balances.values().sum();
			assert_eq!(sum, books.supply);
		}
		let pool = &self.pool;
		let [x, y] = pool.reserves.map(U256::from);
		assert!(U256::from(pool.total) * U256::from(pool.total) <= x * y);
		let held = |token: &Who, of: Who| match token {
			Who::First => self.first.balance(of),
			Who::Second => self.second.balance(of),
			_ => u128::MAX,
		};
		for (token, reserve) in pool.tokens.iter().flatten().zip(pool.reserves) {
			assert!(held(token, Who::Pool) >= reserve);
		}
		for token in [Who::First, Who::Second] {
			let open = self
				.deals
				.iter()
				.filter(|deal| deal.token == token && deal.state == 0);
			assert!(held(&token, Who::Escrow) >= open.map(|deal| deal.amount).sum());
		}
	}
}

/// Results, and what is logged.
type Done = Result<(Vec<Word>, Option<(&'static str, Vec<Word>)>), u64>;

fn results<const N: usize>(words: [Word; N]) -> Done {
	Ok((words.to_vec(), None))
}

impl PoolBooks {
	/// Which side the token is, and what the other one gives.
	fn quote(&self, token: Who, given: u128) -> Result<(usize, u128), u64> {
		let tokens = self.tokens.ok_or(4u64)?;
		let side = tokens.iter().position(|own| *own == token).ok_or(5u64)?;
		ensure(given > 0, 6)?;
		ensure(self.total > 0, 7)?;
		let (into, from) = (self.reserves[side], self.reserves[1 - side]);
		ensure(given <= MOST - into, 8)?;
		let by = U256::from(into) * 1_000 + U256::from(given) * 997;
		Ok((side, part(given * 997, from, by).as_u128()))
	}
}
