// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// Draws spheres over a floor by marching along rays, in fixed-point numbers.
contract Raymarch {
    // Twenty bits behind the point.
    int256 private constant ONE = 1 << 20;
    int256 private constant NEAR = ONE >> 9;
    int256 private constant FAR = 24 * ONE;
    uint256 private constant STEPS = 40;

    struct Vector {
        int256 x;
        int256 y;
        int256 z;
    }

    struct Sphere {
        Vector centre;
        int256 radius;
        int256 shade;
    }

    /// Draws `size` times `size` points, and gives a number made of all of them.
    function draw(uint256 size) external pure returns (uint256 picture) {
        Sphere[] memory spheres = scene();
        Vector memory light = unit(Vector(-3 * ONE, 5 * ONE, -4 * ONE));
        int256 scale = (2 * ONE) / int256(size);
        uint256 free;
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        for (uint256 row = 0; row < size; ++row) {
            for (uint256 column = 0; column < size; ++column) {
                // What the last point took of the memory is not needed any more.
                assembly ("memory-safe") {
                    mstore(0x40, free)
                }
                Vector memory ray = unit(
                    Vector(int256(column) * scale - ONE, ONE - int256(row) * scale, 2 * ONE)
                );
                uint256 brightness = look(spheres, Vector(0, ONE, -6 * ONE), ray, light);
                picture = mulmod(picture + brightness, 0x100000001b3, type(uint256).max);
            }
        }
    }

    function scene() private pure returns (Sphere[] memory spheres) {
        spheres = new Sphere[](4);
        spheres[0] = Sphere(Vector(0, ONE, 0), ONE, 200);
        spheres[1] = Sphere(Vector(2 * ONE, ONE / 2, ONE), ONE / 2, 120);
        spheres[2] = Sphere(Vector(-2 * ONE, ONE, 2 * ONE), (3 * ONE) / 4, 160);
        spheres[3] = Sphere(Vector(ONE / 2, ONE / 3, -2 * ONE), ONE / 3, 240);
    }

    /// What is seen from `eye` along `ray`: 0 to 255.
    function look(Sphere[] memory spheres, Vector memory eye, Vector memory ray, Vector memory light)
        private
        pure
        returns (uint256)
    {
        (bool hit, Vector memory spot) = march(spheres, eye, ray);
        if (!hit) return 16;
        (, uint256 which) = distance(spheres, spot);
        Vector memory normal;
        int256 shade;
        if (which == spheres.length) {
            normal = Vector(0, ONE, 0);
            shade = ((spot.x >> 20) + (spot.z >> 20)) % 2 == 0 ? int256(90) : int256(60);
        } else {
            Sphere memory sphere = spheres[which];
            normal = unit(minus(spot, sphere.centre));
            shade = sphere.shade;
        }
        int256 lit = dot(normal, light);
        if (lit <= 0) return 8;
        // A step away from the surface, so that it does not shade itself.
        (bool shaded,) = march(spheres, plus(spot, times(normal, ONE >> 5)), light);
        if (shaded) return uint256(shade) / 8;
        return 8 + uint256((shade * lit) >> 20);
    }

    function march(Sphere[] memory spheres, Vector memory from, Vector memory ray)
        private
        pure
        returns (bool hit, Vector memory spot)
    {
        int256 gone = 0;
        spot = from;
        for (uint256 i = 0; i < STEPS && gone < FAR; ++i) {
            (int256 free,) = distance(spheres, spot);
            if (free < NEAR) return (true, spot);
            gone += free;
            spot = plus(from, times(ray, gone));
        }
    }

    /// How far it is to the nearest thing, and which it is.
    function distance(Sphere[] memory spheres, Vector memory spot)
        private
        pure
        returns (int256 nearest, uint256 which)
    {
        nearest = spot.y;
        which = spheres.length;
        for (uint256 i = 0; i < spheres.length; ++i) {
            Vector memory away = minus(spot, spheres[i].centre);
            int256 free = root(away.x * away.x + away.y * away.y + away.z * away.z) - spheres[i].radius;
            if (free < nearest) (nearest, which) = (free, i);
        }
    }

    function unit(Vector memory v) private pure returns (Vector memory) {
        int256 length = root(v.x * v.x + v.y * v.y + v.z * v.z);
        return Vector((v.x << 20) / length, (v.y << 20) / length, (v.z << 20) / length);
    }

    function dot(Vector memory a, Vector memory b) private pure returns (int256) {
        return (a.x * b.x + a.y * b.y + a.z * b.z) >> 20;
    }

    function plus(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x + b.x, a.y + b.y, a.z + b.z);
    }

    function minus(Vector memory a, Vector memory b) private pure returns (Vector memory) {
        return Vector(a.x - b.x, a.y - b.y, a.z - b.z);
    }

    function times(Vector memory v, int256 factor) private pure returns (Vector memory) {
        return Vector((v.x * factor) >> 20, (v.y * factor) >> 20, (v.z * factor) >> 20);
    }

    /// The square root, by Newton's method.
    function root(int256 square) private pure returns (int256) {
        if (square <= 0) return 0;
        uint256 n = uint256(square);
        uint256 guess = 1 << 22;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 next = (guess + n / guess) >> 1;
            if (next == guess) break;
            guess = next;
        }
        return int256(guess);
    }
}
