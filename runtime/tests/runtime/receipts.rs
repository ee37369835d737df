//! Receipts are as true as storage, whoever rolls a call back and through whichever door it came.

use std::{cell::RefCell, collections::BTreeSet};

use codec::Encode;
use hex_literal::hex;
use polkadot_sdk::{
	frame_support::{assert_ok, traits::Hooks},
	frame_system, pallet_balances, pallet_multisig, pallet_proxy, pallet_sudo, pallet_utility,
	sp_core::{H160, H256},
	sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve, Ferdie},
	sp_runtime::{DigestItem, Weight},
};
use proptest::prelude::*;
use trivium_primitives::{
	account::{ethereum_account, module_account},
	Receipt, Signature, VmId,
};
use trivium_receipts::{tree, Commitment, Keccak, Log, Software};
use trivium_runtime::{
	configs::utility::ProxyType, constants::currency::UNIT, AccountId, CrossVm, Multisig,
	OriginCaller, Proxy, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, System,
};

use crate::{
	common::{account, apply, development},
	contracts::{self, cross_mode, evm_mode, ink_mode, move_call, Deployed, Mode},
};

/// One call, or a call of calls.
#[derive(Clone, Debug)]
enum Node {
	/// Into the EVM contract, by the pallet's own door; `true` succeeds.
	Evm(bool),
	/// Into the ink! contract, by its own door.
	Ink(bool),
	/// The same, with a deposit limit that is found too low when the contract has ended.
	InkUnpaid,
	/// The Move counter of whoever acts.
	Move(bool),
	/// Into the EVM or ink! contract by the dispatch; fails when the results are read.
	CrossEvm(bool),
	CrossInk(bool),
	/// A transfer that fails.
	Fails,
	/// Nothing, well.
	Remark,
	Batch(Vec<Node>),
	BatchAll(Vec<Node>),
	ForceBatch(Vec<Node>),
	/// As Charlie; Charlie batches it.
	Proxy(Box<Node>),
	/// As the account of whoever acts and Dave.
	Multisig(Box<Node>),
	Derivative(Box<Node>),
	/// As Eve, by sudo; another than Alice batches it.
	SudoAs(Box<Node>),
	/// As Ferdie, by sudo's `dispatch_as`; another than Alice batches it.
	DispatchAs(Box<Node>),
}

/// One execution: its VM, whether what it did is kept, and whose Move counter it was.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Execution {
	vm: VmId,
	kept: bool,
	actor: AccountId,
}

/// The account that two have together.
fn shared(who: &AccountId) -> AccountId {
	let mut both = [who.clone(), account(Dave)];
	both.sort();
	Multisig::multi_account_id(&both, 1)
}

fn derivative(who: &AccountId) -> AccountId {
	pallet_utility::derivative_account_id(who.clone(), 7)
}

impl Node {
	/// The call, made by `who`. `setup` learns who acts, and who acts as Charlie.
	fn call(&self, who: &AccountId, at: &Deployed, setup: &RefCell<Setup>) -> RuntimeCall {
		setup.borrow_mut().actors.insert(who.clone());
		let each = |nodes: &[Node]| -> Vec<RuntimeCall> {
			nodes.iter().map(|node| node.call(who, at, setup)).collect()
		};
		let inner = |node: &Node, as_whom: &AccountId| Box::new(node.call(as_whom, at, setup));
		let (is_root, is_charlie) = (*who == account(Alice), *who == account(Charlie));
		match self {
			Self::Evm(true) => evm_mode(at.evm, Mode::Well),
			Self::Evm(false) => evm_mode(at.evm, Mode::Revert),
			Self::Ink(true) => ink_mode(&at.ink, Mode::Well, UNIT),
			Self::Ink(false) => ink_mode(&at.ink, Mode::Revert, UNIT),
			Self::InkUnpaid => ink_mode(&at.ink, Mode::Store, 0),
			Self::Move(true) => move_call(b"increment", vec![]).into(),
			Self::Move(false) => move_call(b"create", vec![]).into(),
			Self::CrossEvm(ok) => cross_mode(at.evm, Mode::Well, promise(*ok), None),
			Self::CrossInk(ok) => cross_mode(at.ink.clone(), Mode::Well, promise(*ok), None),
			Self::Fails => pallet_balances::Call::transfer_allow_death {
				dest: account(Bob).into(),
				value: u128::MAX / 2,
			}
			.into(),
			Self::Remark => frame_system::Call::remark { remark: vec![] }.into(),
			Self::Batch(nodes) => pallet_utility::Call::batch { calls: each(nodes) }.into(),
			Self::BatchAll(nodes) => pallet_utility::Call::batch_all { calls: each(nodes) }.into(),
			Self::ForceBatch(nodes) => {
				pallet_utility::Call::force_batch { calls: each(nodes) }.into()
			}
			Self::Proxy(node) if !is_charlie => {
				setup.borrow_mut().delegates.insert(who.clone());
				pallet_proxy::Call::proxy {
					real: account(Charlie).into(),
					force_proxy_type: None,
					call: inner(node, &account(Charlie)),
				}
				.into()
			}
			Self::Multisig(node) => pallet_multisig::Call::as_multi_threshold_1 {
				other_signatories: vec![account(Dave)],
				call: inner(node, &shared(who)),
			}
			.into(),
			Self::Derivative(node) => pallet_utility::Call::as_derivative {
				index: 7,
				call: inner(node, &derivative(who)),
			}
			.into(),
			Self::SudoAs(node) if is_root => pallet_sudo::Call::sudo_as {
				who: account(Eve).into(),
				call: inner(node, &account(Eve)),
			}
			.into(),
			Self::DispatchAs(node) if is_root => {
				let origin = frame_system::RawOrigin::Signed(account(Ferdie));
				let call = pallet_utility::Call::dispatch_as {
					as_origin: Box::new(OriginCaller::system(origin)),
					call: inner(node, &account(Ferdie)),
				};
				pallet_sudo::Call::sudo {
					call: Box::new(call.into()),
				}
				.into()
			}
			Self::Proxy(node) | Self::SudoAs(node) | Self::DispatchAs(node) => {
				pallet_utility::Call::batch {
					calls: vec![*inner(node, who)],
				}
				.into()
			}
		}
	}

	/// How many calls it makes that are not calls of calls, at most.
	fn leaves(&self) -> usize {
		match self {
			Self::Batch(nodes) | Self::BatchAll(nodes) | Self::ForceBatch(nodes) => {
				nodes.iter().map(Self::leaves).sum()
			}
			Self::Proxy(node)
			| Self::Multisig(node)
			| Self::Derivative(node)
			| Self::SudoAs(node)
			| Self::DispatchAs(node) => node.leaves(),
			_ => 1,
		}
	}

	/// What it should come to: whether it succeeds, and the executions that it adds to `all`. Below one
	/// `batchAll` another is refused while the origin stays: `in_batch_all`.
	fn model(&self, who: &AccountId, in_batch_all: bool, all: &mut Vec<Execution>) -> bool {
		let first = all.len();
		let mut leaf = |vm, ok| {
			all.push(Execution {
				vm,
				kept: ok,
				actor: who.clone(),
			});
			ok
		};
		match self {
			Self::Evm(ok) | Self::CrossEvm(ok) => leaf(VmId::EVM, *ok),
			Self::Ink(ok) | Self::CrossInk(ok) => leaf(VmId::WASM, *ok),
			Self::InkUnpaid => leaf(VmId::WASM, false),
			Self::Move(ok) => leaf(VmId::MOVE, *ok),
			Self::Fails => false,
			Self::Remark => true,
			Self::Batch(nodes) => {
				let _ = nodes.iter().all(|node| node.model(who, in_batch_all, all));
				true
			}
			Self::BatchAll(_) if in_batch_all => false,
			Self::BatchAll(nodes) => {
				let ok = nodes.iter().all(|node| node.model(who, true, all));
				if !ok {
					all[first..].iter_mut().for_each(|run| run.kept = false);
				}
				ok
			}
			Self::ForceBatch(nodes) => {
				nodes.iter().for_each(|node| {
					node.model(who, in_batch_all, all);
				});
				true
			}
			Self::Proxy(node) if *who != account(Charlie) => {
				node.model(&account(Charlie), false, all);
				true
			}
			Self::Multisig(node) => node.model(&shared(who), false, all),
			Self::Derivative(node) => node.model(&derivative(who), in_batch_all, all),
			Self::SudoAs(node) if *who == account(Alice) => {
				node.model(&account(Eve), false, all);
				true
			}
			Self::DispatchAs(node) if *who == account(Alice) => {
				node.model(&account(Ferdie), false, all);
				true
			}
			Self::Proxy(node) | Self::SudoAs(node) | Self::DispatchAs(node) => {
				node.model(who, in_batch_all, all);
				true
			}
		}
	}
}

/// Results that a contract without results keeps to, or not.
fn promise(ok: bool) -> &'static str {
	match ok {
		true => "",
		false => "u8",
	}
}

/// What has to be there before the calls are made.
#[derive(Default)]
struct Setup {
	actors: BTreeSet<AccountId>,
	delegates: BTreeSet<AccountId>,
}

fn node() -> impl Strategy<Value = Node> {
	let leaf = prop_oneof![
		any::<bool>().prop_map(Node::Evm),
		any::<bool>().prop_map(Node::Ink),
		Just(Node::InkUnpaid),
		any::<bool>().prop_map(Node::Move),
		any::<bool>().prop_map(Node::CrossEvm),
		any::<bool>().prop_map(Node::CrossInk),
		Just(Node::Fails),
		Just(Node::Remark),
	];
	leaf.prop_recursive(4, 12, 4, |inner| {
		let some = prop::collection::vec(inner.clone(), 0..4);
		let boxed = inner.prop_map(Box::new);
		prop_oneof![
			some.clone().prop_map(Node::Batch),
			some.clone().prop_map(Node::BatchAll),
			some.prop_map(Node::ForceBatch),
			boxed.clone().prop_map(Node::Proxy),
			boxed.clone().prop_map(Node::Multisig),
			boxed.clone().prop_map(Node::Derivative),
			boxed.clone().prop_map(Node::SudoAs),
			boxed.prop_map(Node::DispatchAs),
		]
	})
}

fn receipts() -> Vec<Receipt> {
	System::read_events_no_consensus()
		.filter_map(|record| match record.event {
			RuntimeEvent::CrossVm(pallet_cross_vm::Event::Receipt { receipt }) => Some(receipt),
			_ => None,
		})
		.collect()
}

/// Applies these, one extrinsic of Alice's each, and compares with the model: receipts in events and
/// in the digest, the logs that were kept, and state.
fn check(nodes: &[Node]) {
	development().execute_with(|| {
		let at = contracts::deploy();
		// What setting up left is none of this.
		CrossVm::on_finalize(1);
		let setup = RefCell::default();
		let calls: Vec<RuntimeCall> = nodes
			.iter()
			.map(|node| node.call(&account(Alice), &at, &setup))
			.collect();
		let Setup { actors, delegates } = setup.into_inner();
		actors.iter().for_each(contracts::endow);
		for delegate in delegates {
			assert_ok!(Proxy::add_proxy(
				RuntimeOrigin::signed(account(Charlie)),
				delegate.into(),
				ProxyType::Any,
				0
			));
		}
		CrossVm::on_finalize(1);
		System::reset_events();
		let logs_in_digest = System::digest().logs.len();

		let mut executions = Vec::new();
		for (node, call) in nodes.iter().zip(calls) {
			let expected = node.model(&account(Alice), false, &mut executions);
			let applied = apply(Alice, call).expect("it is valid");
			assert_eq!(applied.is_ok(), expected, "{node:?}: {applied:?}");
		}

		let (logs, receipts) = (contracts::logs(), receipts());
		let mut kept_logs = logs.iter();
		let expected: Vec<_> = executions
			.iter()
			.map(|execution| {
				let logs = match execution.kept {
					true => {
						let (vm, contract, topics, data) = kept_logs
							.next()
							.expect("each kept execution has logged once");
						assert_eq!(*vm, execution.vm);
						let log = Log {
							vm: vm.0,
							contract: contract.clone().into(),
							frame: 0,
							topics: topics.iter().map(|topic| topic.0).collect(),
							data: data.clone(),
						};
						vec![log.leaf::<Software>()]
					}
					false => vec![],
				};
				(execution.vm, execution.kept, tree::root::<Software>(&logs))
			})
			.collect();
		assert_eq!(kept_logs.next(), None, "and nobody else has");
		let seen: Vec<_> = receipts
			.iter()
			.map(|receipt| (receipt.vm, receipt.success, receipt.logs_root.0))
			.collect();
		assert_eq!(seen, expected);

		let kept = |vm| {
			let kept = executions.iter().filter(|run| run.kept && run.vm == vm);
			kept.count()
		};
		assert_eq!(
			contracts::slot(at.evm).to_low_u64_be(),
			kept(VmId::EVM) as u64
		);
		assert_eq!(contracts::ink_count(&at.ink), kept(VmId::WASM) as u32);
		for actor in &actors {
			let theirs = executions
				.iter()
				.filter(|run| run.kept && run.vm == VmId::MOVE && run.actor == *actor);
			assert_eq!(contracts::move_count(actor), theirs.count() as u64);
		}

		// The digest commits to these receipts, and to nothing if there are none.
		assert!(!pallet_cross_vm::Kept::<Runtime>::exists());
		CrossVm::on_finalize(1);
		assert_eq!(CrossVm::receipts(), receipts);
		let chain = System::block_hash(0);
		let leaves: Vec<_> = receipts
			.iter()
			.map(|receipt| receipt.sealed(chain, 1).leaf::<Software>())
			.collect();
		let committed = System::digest().logs.split_off(logs_in_digest);
		match leaves.is_empty() {
			true => assert_eq!(committed, []),
			false => {
				let commitment = Commitment {
					count: leaves.len() as u32,
					root: tree::root::<Software>(&leaves),
				};
				let payload = commitment.encode().to_vec();
				assert_eq!(committed, [DigestItem::Consensus(*b"TVMR", payload)]);
			}
		}
	});
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

	/// Random nests of calls: receipts, logs and state agree.
	#[test]
	fn receipts_logs_and_state_agree(nodes in prop::collection::vec(node(), 1..4)) {
		// More would not fit a block, by what they name as their limits.
		prop_assume!(nodes.iter().all(|node| node.leaves() <= 8));
		check(&nodes);
	}
}

/// The case by which it was found: a burn in a batch that then fails.
#[test]
fn receipt_of_a_call_in_a_failed_batch_says_failure() {
	for call in [
		Node::Evm(true),
		Node::Ink(true),
		Node::Move(true),
		Node::CrossEvm(true),
		Node::CrossInk(true),
	] {
		let batch = Node::BatchAll(vec![call.clone(), Node::Fails]);
		check(&[
			batch.clone(),
			Node::Proxy(Box::new(batch.clone())),
			Node::Multisig(Box::new(batch.clone())),
			Node::SudoAs(Box::new(batch.clone())),
			Node::DispatchAs(Box::new(batch)),
			call,
		]);
	}
}

#[test]
fn receipt_of_an_ink_call_whose_deposit_is_refused_says_failure() {
	check(&[
		Node::InkUnpaid,
		Node::Ink(true),
		Node::ForceBatch(vec![Node::InkUnpaid, Node::Ink(true)]),
	]);
}

/// `error::already_exists(EALREADY_CREATED)` of the Move counter.
const ALREADY_CREATED: u64 = 0x8_0001;

/// What a receipt is to say of one call.
struct Expected {
	vm: VmId,
	contract: AccountId,
	value: u128,
	input: Vec<u8>,
	output: Vec<u8>,
	success: bool,
}

/// Applies Alice's call and looks at the only receipt it leaves.
#[track_caller]
fn check_receipt(call: impl Into<RuntimeCall>, expected: Expected) {
	System::reset_events();
	let _ = apply(Alice, call).expect("it is valid");
	let receipts = receipts();
	let [receipt] = &receipts[..] else {
		panic!("there are {} receipts", receipts.len());
	};
	assert_eq!(
		(receipt.vm, receipt.success),
		(expected.vm, expected.success)
	);
	assert_eq!(receipt.caller, account(Alice));
	assert_eq!(receipt.contract, expected.contract);
	assert_eq!(receipt.value, expected.value);
	assert_eq!(
		receipt.input.0,
		Software::keccak_256(&expected.input),
		"input"
	);
	assert_eq!(
		receipt.output.0,
		Software::keccak_256(&expected.output),
		"output"
	);
	assert!(receipt.weight.all_gt(Weight::zero()));
	assert!(receipt.weight.all_lte(System::block_weight().total()));
}

#[test]
fn a_receipt_says_what_went_in_and_what_came_out() {
	development().execute_with(|| {
		let at = contracts::deploy();
		let evm = |contract: H160, value, input: &[u8], output: &[u8], success| {
			let call = pallet_evm::Call::call {
				target: contract,
				input: input.to_vec(),
				value,
				gas_limit: contracts::GAS,
			};
			let expected = Expected {
				vm: VmId::EVM,
				contract: ethereum_account(&contract),
				value,
				input: input.to_vec(),
				output: output.to_vec(),
				success,
			};
			check_receipt(call, expected);
		};
		// 42 as a word: returned, and reverted with.
		let word = H256::from_low_u64_be(42).0;
		let returns = contracts::create(&hex!("602a5f52 60205ff3"));
		let reverts = contracts::create(&hex!("602a5f52 60205ffd"));
		evm(returns, 7, b"in", &word, true);
		evm(reverts, 0, b"in", &word, false);
		// An invalid instruction says nothing.
		evm(contracts::create(&hex!("fe")), 0, b"in", &[], false);

		let ink = |data: &[u8], output: &[u8], success| {
			let expected = Expected {
				vm: VmId::WASM,
				contract: at.ink.clone(),
				value: 0,
				input: data.to_vec(),
				output: output.to_vec(),
				success,
			};
			check_receipt(contracts::ink_call(&at.ink, data.to_vec(), None), expected);
		};
		ink(&[Mode::Well as u8], &[0], true);
		ink(&[Mode::Revert as u8], &[], false);

		let cross = |results: &str, output: &[u8], success| {
			let selector = Signature::parse(b"f(u8)").expect("parses").ink_selector();
			let expected = Expected {
				vm: VmId::WASM,
				contract: at.ink.clone(),
				value: 0,
				input: [&selector[..], &[Mode::Well as u8]].concat(),
				output: output.to_vec(),
				success,
			};
			check_receipt(
				cross_mode(at.ink.clone(), Mode::Well, results, None),
				expected,
			);
		};
		cross("", &[0], true);
		// What it returned was taken back, because it is not what the signature says.
		cross("u64", &[], false);

		let module = module_account(&account(Alice), b"counter");
		let moved = |function: &str, output: &[u8], success| {
			let none = (Vec::<String>::new(), Vec::<Vec<u8>>::new());
			let expected = Expected {
				vm: VmId::MOVE,
				contract: module.clone(),
				value: 0,
				input: (function.as_bytes(), none.0, none.1).encode(),
				output: output.to_vec(),
				success,
			};
			check_receipt(move_call(function.as_bytes(), vec![]), expected);
		};
		moved("create", &[], true);
		// It is there already: the code of the abort.
		moved("create", &ALREADY_CREATED.to_le_bytes(), false);
	});
}
