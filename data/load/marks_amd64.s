#include "textflag.h"

// HALF looks at 32 bytes. It sets the bits of marks, and of others the bytes that are not ASCII, or a DEL.
#define HALF(offset, marks, others) \
	VMOVDQU   offset(SI), Y0      \
	VPCMPEQB  Y12, Y0, Y1         \ // separators
	VPCMPEQB  Y13, Y0, Y2         \ // quotes
	VPMINUB   Y14, Y0, Y3         \
	VPCMPEQB  Y3, Y0, Y3          \ // what is no more than the byte before the blank
	VPOR      Y1, Y2, Y1          \
	VPOR      Y1, Y3, Y1          \
	VPMOVMSKB Y1, marks           \
	VPCMPEQB  Y11, Y0, others     \
	VPOR      Y0, others, others

// MARK writes where the lowest bit is that is set, and clears it. Of no bits it writes anything.
#define MARK(place) \
	TZCNTQ R8, AX        \
	ADDL   BX, AX        \
	MOVL   AX, place(DX) \
	BLSRQ  R8, R8

// ALL has a byte in all of a register.
#define ALL(byte, low, all) \
	MOVL         byte, AX \
	MOVQ         AX, low  \
	VPBROADCASTB low, all

// func markVectors(at []int32, text []byte, offset int, separator byte) (blocks, found int, odd bool)
TEXT ·markVectors(SB), NOSPLIT, $0-81
	MOVQ    at_base+0(FP), DI
	MOVQ    at_len+8(FP), R10
	MOVQ    text_base+24(FP), SI
	MOVQ    text_len+32(FP), CX
	MOVQ    offset+48(FP), BX
	MOVBLZX separator+56(FP), R9
	ALL(R9, X12, Y12)
	ALL($'"', X13, Y13)
	ALL($0x1f, X14, Y14)
	ALL($0x7f, X11, Y11)
	LEAQ    -72*4(DI)(R10*4), R10 // the last place where the marks of a block may begin
	MOVQ    DI, R13
	SHRQ    $6, CX
	MOVQ    CX, R12               // blocks
	XORL    R11, R11              // odd

next:
	TESTQ     CX, CX
	JZ        done
	CMPQ      DI, R10
	JA        done
	HALF(0, R8, Y4)
	HALF(32, R9, Y5)
	SHLQ      $32, R9
	ORQ       R9, R8
	VPOR      Y4, Y5, Y4
	VPMOVMSKB Y4, R11
	POPCNTQ   R8, R9
	MOVQ      DI, DX

eight:
	MARK(0)
	MARK(4)
	MARK(8)
	MARK(12)
	MARK(16)
	MARK(20)
	MARK(24)
	MARK(28)
	ADDQ  $32, DX
	TESTQ R8, R8
	JNZ   eight
	LEAQ  (DI)(R9*4), DI
	ADDQ  $64, BX
	ADDQ  $64, SI
	DECQ  CX
	TESTL R11, R11
	JZ    next

done:
	VZEROUPPER
	SUBQ  CX, R12
	MOVQ  R12, blocks+64(FP)
	SUBQ  R13, DI
	SHRQ  $2, DI
	MOVQ  DI, found+72(FP)
	TESTL R11, R11
	SETNE odd+80(FP)
	RET
