#include "textflag.h"

// SIXTEEN looks at sixteen bytes. It sets the bits of marks, and adds to X0 the bytes that are not ASCII, or a DEL.
#define SIXTEEN(offset, marks) \
	MOVOU    offset(SI), X1 \
	MOVO     X1, X2         \
	PCMPEQB  X12, X2        \ // separators
	MOVO     X1, X3         \
	PCMPEQB  X13, X3        \ // quotes
	MOVO     X1, X4         \
	PMINUB   X14, X4        \
	PCMPEQB  X1, X4         \ // what is no more than the byte before the blank
	POR      X3, X2         \
	POR      X4, X2         \
	PMOVMSKB X2, marks      \
	POR      X1, X0         \
	PCMPEQB  X11, X1        \
	POR      X1, X0

// SAME has the lowest byte of AX in all of a register.
#define SAME(register) \
	IMUL3L $0x01010101, AX, AX \
	MOVL   AX, register        \
	PSHUFD $0, register, register

// func markBlocks(blocks []marked, text []byte, separator byte)
TEXT ·markBlocks(SB), NOSPLIT, $0-49
	MOVQ    blocks_base+0(FP), DI
	MOVQ    blocks_len+8(FP), CX
	MOVQ    text_base+24(FP), SI
	MOVBLZX separator+48(FP), AX
	SAME(X12)
	MOVL    $'"', AX
	SAME(X13)
	MOVL    $0x1f, AX
	SAME(X14)
	MOVL    $0x7f, AX
	SAME(X11)
	TESTQ   CX, CX
	JZ      done

next:
	PXOR     X0, X0
	SIXTEEN(0, R8)
	SIXTEEN(16, R9)
	SIXTEEN(32, R10)
	SIXTEEN(48, R11)
	SHLQ     $16, R9
	SHLQ     $32, R10
	SHLQ     $48, R11
	ORQ      R9, R8
	ORQ      R11, R10
	ORQ      R10, R8
	MOVQ     R8, 0(DI)
	PMOVMSKB X0, AX
	MOVQ     AX, 8(DI)
	ADDQ     $64, SI
	ADDQ     $16, DI
	DECQ     CX
	JNZ      next

done:
	RET
