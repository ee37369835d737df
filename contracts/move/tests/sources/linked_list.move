// SPDX-License-Identifier: Apache-2.0

/// A list whose nodes point at each other by index, and a tree in an array.
module tests::linked_list {
    use std::option::{Self, Option};

    struct List<T> has drop { nodes: vector<Node<T>>, head: Option<u64> }

    struct Node<T> has drop { value: T, next: Option<u64> }

    fun new<T>(): List<T> {
        List { nodes: vector[], head: option::none() }
    }

    fun push<T>(self: &mut List<T>, value: T) {
        let at = self.nodes.length();
        self.nodes.push_back(Node { value, next: self.head });
        self.head = option::some(at);
    }

    fun reverse<T>(self: &mut List<T>) {
        let previous = option::none();
        let current = self.head;
        while (current.is_some()) {
            let at = current.extract();
            let node = &mut self.nodes[at];
            current = node.next;
            node.next = previous;
            previous = option::some(at);
        };
        self.head = previous;
    }

    fun values<T: copy>(self: &List<T>): vector<T> {
        let v = vector[];
        let current = self.head;
        while (current.is_some()) {
            let node = &self.nodes[current.extract()];
            v.push_back(node.value);
            current = node.next;
        };
        v
    }

    public fun test_push_and_walk() {
        let l = new();
        for (i in 0u64..5) l.push(i);
        assert!(l.values() == vector[4, 3, 2, 1, 0], 1);
    }

    public fun test_reverse() {
        let l = new();
        l.push(b"a");
        l.push(b"b");
        l.push(b"c");
        l.reverse();
        assert!(l.values() == vector[b"a", b"b", b"c"], 1);
        l.reverse();
        assert!(l.values() == vector[b"c", b"b", b"a"], 2);
        let empty = new<u8>();
        empty.reverse();
        assert!(empty.values() == vector[], 3);
    }

    public fun test_heap_sort() {
        let heap = vector[];
        let x = 7u64;
        for (_i in 0..50) {
            x = x * 37 % 101;
            heap_push(&mut heap, x);
        };
        let last = 0;
        while (!heap.is_empty()) {
            let least = heap_pop(&mut heap);
            assert!(last <= least, 1);
            last = least;
        }
    }

    fun heap_push(heap: &mut vector<u64>, x: u64) {
        let i = heap.length();
        heap.push_back(x);
        while (i > 0 && heap[(i - 1) / 2] > heap[i]) {
            heap.swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
    }

    fun heap_pop(heap: &mut vector<u64>): u64 {
        let least = heap.swap_remove(0);
        let len = heap.length();
        let i = 0;
        loop {
            let child = 2 * i + 1;
            if (child >= len) break;
            if (child + 1 < len && heap[child + 1] < heap[child]) child = child + 1;
            if (heap[i] <= heap[child]) break;
            heap.swap(i, child);
            i = child;
        };
        least
    }
}
