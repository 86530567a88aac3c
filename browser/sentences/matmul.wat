;; The one thing of the sentence model that scripts do too slowly: a matrix times another, four
;; numbers of 32 bits at once.
(module
  (memory (export "memory") 1)

  ;; out[r, c] += sum over k of x[r, k] * w[k, c], for `rows` rows, a multiple of 4.
  ;; x: row r begins `stride` numbers after row r - 1. w: panels of 8 columns, in each `inner` rows of
  ;; 8 numbers. out: rows of 8 * panels numbers. All offsets are in bytes.
  (func (export "matmul")
    (param $x i32) (param $stride i32) (param $w i32) (param $out i32)
    (param $rows i32) (param $inner i32) (param $panels i32)
    (local $panel i32) (local $row i32) (local $k i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $at i32)
    (local $to i32) (local $width i32)
    (local $w0 v128) (local $w1 v128) (local $s v128)
    (local $a0 v128) (local $a1 v128) (local $b0 v128) (local $b1 v128)
    (local $c0 v128) (local $c1 v128) (local $d0 v128) (local $d1 v128)
    (local.set $stride (i32.shl (local.get $stride) (i32.const 2)))
    (local.set $width (i32.shl (local.get $panels) (i32.const 5)))
    (loop $panels_on
      (local.set $row (i32.const 0))
      (local.set $a (local.get $x))
      (local.set $to (i32.add (local.get $out) (i32.shl (local.get $panel) (i32.const 5))))
      (loop $rows_on
        (local.set $b (i32.add (local.get $a) (local.get $stride)))
        (local.set $c (i32.add (local.get $b) (local.get $stride)))
        (local.set $d (i32.add (local.get $c) (local.get $stride)))
        (local.set $at (local.get $w))
        (local.set $k (local.get $inner))
        (local.set $a0 (v128.const i32x4 0 0 0 0))
        (local.set $a1 (v128.const i32x4 0 0 0 0))
        (local.set $b0 (v128.const i32x4 0 0 0 0))
        (local.set $b1 (v128.const i32x4 0 0 0 0))
        (local.set $c0 (v128.const i32x4 0 0 0 0))
        (local.set $c1 (v128.const i32x4 0 0 0 0))
        (local.set $d0 (v128.const i32x4 0 0 0 0))
        (local.set $d1 (v128.const i32x4 0 0 0 0))
        (loop $inner_on
          (local.set $w0 (v128.load (local.get $at)))
          (local.set $w1 (v128.load offset=16 (local.get $at)))
          (local.set $s (v128.load32_splat (local.get $a)))
          (local.set $a0 (f32x4.add (local.get $a0) (f32x4.mul (local.get $s) (local.get $w0))))
          (local.set $a1 (f32x4.add (local.get $a1) (f32x4.mul (local.get $s) (local.get $w1))))
          (local.set $s (v128.load32_splat (local.get $b)))
          (local.set $b0 (f32x4.add (local.get $b0) (f32x4.mul (local.get $s) (local.get $w0))))
          (local.set $b1 (f32x4.add (local.get $b1) (f32x4.mul (local.get $s) (local.get $w1))))
          (local.set $s (v128.load32_splat (local.get $c)))
          (local.set $c0 (f32x4.add (local.get $c0) (f32x4.mul (local.get $s) (local.get $w0))))
          (local.set $c1 (f32x4.add (local.get $c1) (f32x4.mul (local.get $s) (local.get $w1))))
          (local.set $s (v128.load32_splat (local.get $d)))
          (local.set $d0 (f32x4.add (local.get $d0) (f32x4.mul (local.get $s) (local.get $w0))))
          (local.set $d1 (f32x4.add (local.get $d1) (f32x4.mul (local.get $s) (local.get $w1))))
          (local.set $a (i32.add (local.get $a) (i32.const 4)))
          (local.set $b (i32.add (local.get $b) (i32.const 4)))
          (local.set $c (i32.add (local.get $c) (i32.const 4)))
          (local.set $d (i32.add (local.get $d) (i32.const 4)))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (br_if $inner_on
            (local.tee $k (i32.sub (local.get $k) (i32.const 1)))))
        (call $add (local.get $to) (local.get $a0) (local.get $a1))
        (local.set $to (i32.add (local.get $to) (local.get $width)))
        (call $add (local.get $to) (local.get $b0) (local.get $b1))
        (local.set $to (i32.add (local.get $to) (local.get $width)))
        (call $add (local.get $to) (local.get $c0) (local.get $c1))
        (local.set $to (i32.add (local.get $to) (local.get $width)))
        (call $add (local.get $to) (local.get $d0) (local.get $d1))
        (local.set $to (i32.add (local.get $to) (local.get $width)))
        ;; `d` stands at the end of its row: the next four begin `stride` after its beginning.
        (local.set $a
          (i32.add (i32.sub (local.get $d) (i32.shl (local.get $inner) (i32.const 2)))
                   (local.get $stride)))
        (br_if $rows_on
          (i32.lt_u (local.tee $row (i32.add (local.get $row) (i32.const 4))) (local.get $rows))))
      (local.set $w (local.get $at))
      (br_if $panels_on
        (i32.lt_u (local.tee $panel (i32.add (local.get $panel) (i32.const 1)))
                  (local.get $panels)))))

  (func $add (param $to i32) (param $first v128) (param $second v128)
    (v128.store (local.get $to) (f32x4.add (v128.load (local.get $to)) (local.get $first)))
    (v128.store offset=16 (local.get $to)
      (f32x4.add (v128.load offset=16 (local.get $to)) (local.get $second)))))
