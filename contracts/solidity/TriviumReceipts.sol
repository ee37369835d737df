// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title What a Trivium block says of the calls in it, and how a contract checks it
/// @notice Whoever trusts the hash of a block can check what a call in it did: who called whom, with what, what came of it,
/// and each log. `docs/receipts.md` says what is hashed; the crate `receipts/` is the same in Rust.
library TriviumReceipts {
    /// What an outermost call into a virtual machine did.
    struct Receipt {
        /// 2.
        uint8 version;
        /// The chain: the hash of its first block.
        bytes32 chain;
        /// The block's number.
        uint32 blockNumber;
        /// The receipt's place among those of the block, from 0.
        uint32 index;
        /// The place in the block of the extrinsic that the call came in; 2^32 - 1 if in none.
        uint32 extrinsic;
        /// The machine called: 0 is the EVM, 1 ink!/WASM, 2 Move.
        uint8 vm;
        /// The account that called. That of an Ethereum address is the address and twelve bytes 0xee.
        bytes32 caller;
        /// The contract called, or created.
        bytes32 target;
        /// Planck that went with the call.
        uint256 value;
        /// keccak256 of what the contract was called with, in its machine's encoding.
        bytes32 input;
        /// keccak256 of what it returned, or refused with.
        bytes32 output;
        /// Whether what it did stands.
        bool success;
        /// Time that it used, picoseconds of weight.
        uint64 refTime;
        /// State that it used, bytes of proof.
        uint64 proofSize;
        /// Calls from one machine into another.
        uint32 hops;
        /// Logs that stand.
        uint32 logCount;
        /// Root of the tree of those logs.
        bytes32 logsRoot;
    }

    /// What a contract logged.
    struct Log {
        /// The machine, as in a receipt.
        uint8 vm;
        /// The contract that logged.
        bytes32 source;
        /// The call between machines in which it did, from 0.
        uint32 frame;
        /// Topics, as the machine has them.
        bytes32[] topics;
        /// Payload, in the machine's encoding.
        bytes data;
    }

    /// The header is not that of the block.
    error WrongBlockHash();
    /// The header ends early.
    error Truncated();
    /// The header goes on behind its end.
    error TrailingBytes();
    /// A compact number that is not in its shortest form, or too large.
    error BadCompact();
    /// A digest item of a kind that is not known.
    error UnknownDigestItem();
    /// A commitment of another version or length.
    error BadCommitment();
    /// The header has more than one commitment.
    error TwoCommitments();
    /// The block commits to no receipts.
    error NoCommitment();
    /// The receipt is of a version that is not known here.
    error UnknownVersion();
    /// The receipt says that it is of another block.
    error WrongBlockNumber();
    /// The tree has no leaf at that index.
    error NoSuchLeaf();
    /// The proof has not as many siblings as there are on the way from that leaf.
    error WrongLength();
    /// The proof leads to another root.
    error WrongRoot();
    /// This chain has no precompiled contract 0x09, or there was too little gas for it.
    error NoBlake2();

    /// The version of receipts that is checked here.
    uint8 internal constant VERSION = 2;
    /// The engine of the digest item that commits to a block's receipts.
    bytes4 private constant ENGINE = "TVMR";
    /// Bytes of a commitment: version, count, root.
    uint256 private constant COMMITMENT_LENGTH = 37;

    /// @notice Checks that the block of this hash has this receipt, and reverts if that is not proven.
    /// @dev The receipt names the chain; whoever listens to several compares it. That the block is one of the chain's is
    /// what the caller has to know.
    /// @param blockHash A hash that the caller trusts.
    /// @param header The block's header in SCALE.
    /// @param receipt The receipt.
    /// @param siblings The hashes beside the way from the receipt to the root, from the receipt up.
    function verify(
        bytes32 blockHash,
        bytes memory header,
        Receipt memory receipt,
        bytes32[] memory siblings
    ) internal view {
        if (blake2b256(header) != blockHash) revert WrongBlockHash();
        (uint32 number, uint32 count, bytes32 root) = commitment(header);
        if (receipt.version != VERSION) revert UnknownVersion();
        if (receipt.blockNumber != number) revert WrongBlockNumber();
        verifyLeaf(root, count, receipt.index, leafOf(receipt), siblings);
    }

    /// @notice Checks that a log is that at `index` of a receipt, which `verify` has to check by itself.
    function verifyLog(
        Receipt memory receipt,
        Log memory log,
        uint32 index,
        bytes32[] memory siblings
    ) internal pure {
        verifyLeaf(receipt.logsRoot, receipt.logCount, index, leafOf(log), siblings);
    }

    /// @notice The hash of a receipt in its block's tree.
    function leafOf(Receipt memory receipt) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(bytes1(0), abi.encode(receipt)));
    }

    /// @notice The hash of a log in its receipt's tree.
    function leafOf(Log memory log) internal pure returns (bytes32) {
        bytes memory fields = abi.encode(log.vm, log.source, log.frame, log.topics, log.data);
        return keccak256(abi.encodePacked(bytes1(0), fields));
    }

    /// @notice Checks that `leaf` is at `index` in a tree of `count` leaves under `root`.
    /// @dev RFC 9162, 2.1.3: the way is walked by index and size, so a proof fits one place alone.
    function verifyLeaf(
        bytes32 root,
        uint32 count,
        uint32 index,
        bytes32 leaf,
        bytes32[] memory siblings
    ) internal pure {
        if (index >= count) revert NoSuchLeaf();
        uint256 next = 0;
        bytes32 hash = leaf;
        uint256 place = index;
        for (uint256 last = count - 1; last > 0; last >>= 1) {
            // The last of an odd level has none beside it and is the same one level up.
            if (place & 1 == 1 || place != last) {
                if (next == siblings.length) revert WrongLength();
                bytes32 sibling = siblings[next++];
                hash = place & 1 == 1
                    ? keccak256(abi.encodePacked(bytes1(0x01), sibling, hash))
                    : keccak256(abi.encodePacked(bytes1(0x01), hash, sibling));
            }
            place >>= 1;
        }
        if (next != siblings.length) revert WrongLength();
        if (hash != root) revert WrongRoot();
    }

    /// @notice What a header says of its block: its number, and number and root of its receipts.
    /// @param header A Substrate header in SCALE, read to its end.
    function commitment(
        bytes memory header
    ) internal pure returns (uint32 number, uint32 count, bytes32 root) {
        uint256 offset = skip(header, 0, 32);
        (number, offset) = compact(header, offset);
        offset = skip(header, offset, 64);
        uint32 items;
        (items, offset) = compact(header, offset);
        bool found = false;
        for (uint32 i = 0; i < items; i++) {
            uint256 start = offset;
            offset = skip(header, offset, 1);
            uint8 kind = uint8(header[start]);
            if (kind == 8) continue;
            if (kind > 6 || (kind > 0 && kind < 4)) revert UnknownDigestItem();
            if (kind != 0) offset = skip(header, offset, 4);
            bool isOurs = kind == 4 && bytes4(word(header, offset - 4)) == ENGINE;
            uint32 length;
            (length, offset) = compact(header, offset);
            uint256 payload = offset;
            offset = skip(header, offset, length);
            if (!isOurs) continue;
            if (length != COMMITMENT_LENGTH || uint8(header[payload]) != VERSION) {
                revert BadCommitment();
            }
            if (found) revert TwoCommitments();
            found = true;
            count = littleEndian(header, payload + 1);
            root = word(header, payload + 5);
        }
        if (offset != header.length) revert TrailingBytes();
        if (!found) revert NoCommitment();
    }

    /// @dev `offset` moved on by `length` bytes, which have to be there.
    function skip(bytes memory data, uint256 offset, uint256 length) private pure returns (uint256) {
        if (data.length - offset < length) revert Truncated();
        return offset + length;
    }

    /// @dev The word at `offset`, of which as much has to be there as is used.
    function word(bytes memory data, uint256 offset) private pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := mload(add(add(data, 32), offset))
        }
    }

    function littleEndian(bytes memory data, uint256 offset) private pure returns (uint32) {
        return
            uint32(uint8(data[offset])) |
            (uint32(uint8(data[offset + 1])) << 8) |
            (uint32(uint8(data[offset + 2])) << 16) |
            (uint32(uint8(data[offset + 3])) << 24);
    }

    /// @dev SCALE's compact form of a number of 32 bits, in its shortest form, and where it ends.
    function compact(bytes memory data, uint256 offset) private pure returns (uint32, uint256) {
        uint256 start = offset;
        offset = skip(data, offset, 1);
        uint8 first = uint8(data[start]);
        uint8 mode = first & 3;
        if (mode == 0) return (first >> 2, offset);
        if (mode == 1) {
            offset = skip(data, offset, 1);
            uint32 two = (uint32(first) | (uint32(uint8(data[start + 1])) << 8)) >> 2;
            if (two < 1 << 6) revert BadCompact();
            return (two, offset);
        }
        if (mode == 2) {
            offset = skip(data, offset, 3);
            uint32 four = littleEndian(data, start) >> 2;
            if (four < 1 << 14) revert BadCompact();
            return (four, offset);
        }
        if (first != 3) revert BadCompact();
        offset = skip(data, offset, 4);
        uint32 large = littleEndian(data, start + 1);
        if (large < 1 << 30) revert BadCompact();
        return (large, offset);
    }

    /// @notice BLAKE2b of 256 bits, by the precompiled contract 0x09 (EIP-152), which is one round of the hash.
    function blake2b256(bytes memory data) internal view returns (bytes32 hash) {
        // Rounds, state, block, offset, final: 4 + 64 + 128 + 16 + 1 bytes.
        bytes memory input = new bytes(213);
        // The state to begin with: the initial vector, the first word of which is mixed with the parameters
        // (RFC 7693: no key, a digest of 32 bytes), little-endian.
        bytes memory state = hex"28c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b";
        uint256 left = data.length;
        uint256 from = 0;
        input[3] = 0x0c;
        do {
            uint256 taken = left > 128 ? 128 : left;
            bool isLast = left <= 128;
            for (uint256 i = 0; i < 64; i += 32) put(input, 4 + i, word(state, i));
            for (uint256 i = 0; i < 128; i += 32) {
                bytes32 part = i < taken ? word(data, from + i) : bytes32(0);
                // What is behind the data counts as zero.
                if (i < taken && taken - i < 32) {
                    part &= bytes32(type(uint256).max << (8 * (32 - (taken - i))));
                }
                put(input, 68 + i, part);
            }
            from += taken;
            left -= taken;
            for (uint256 i = 0; i < 8; i++) input[196 + i] = bytes1(uint8(from >> (8 * i)));
            input[212] = isLast ? bytes1(0x01) : bytes1(0x00);
            bool ok;
            // Where nothing is at that address, a call of it succeeds too, and gives nothing.
            assembly ("memory-safe") {
                ok := staticcall(gas(), 0x09, add(input, 32), 213, add(state, 32), 64)
                ok := and(ok, eq(returndatasize(), 64))
            }
            if (!ok) revert NoBlake2();
        } while (left > 0);
        return word(state, 0);
    }

    function put(bytes memory into, uint256 offset, bytes32 value) private pure {
        assembly ("memory-safe") {
            mstore(add(add(into, 32), offset), value)
        }
    }
}

/// @title The library as a contract of its own
/// @notice For contracts that would rather call than carry it, and for tests.
contract ReceiptVerifier {
    /// @notice See `TriviumReceipts.verify`.
    function verify(
        bytes32 blockHash,
        bytes calldata header,
        TriviumReceipts.Receipt calldata receipt,
        bytes32[] calldata siblings
    ) external view {
        TriviumReceipts.verify(blockHash, header, receipt, siblings);
    }

    /// @notice See `TriviumReceipts.verifyLog`.
    function verifyLog(
        TriviumReceipts.Receipt calldata receipt,
        TriviumReceipts.Log calldata log,
        uint32 index,
        bytes32[] calldata siblings
    ) external pure {
        TriviumReceipts.verifyLog(receipt, log, index, siblings);
    }

    /// @notice See `TriviumReceipts.commitment`.
    function commitment(
        bytes calldata header
    ) external pure returns (uint32 number, uint32 count, bytes32 root) {
        return TriviumReceipts.commitment(header);
    }
}
