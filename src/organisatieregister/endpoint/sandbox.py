"""What a SPARQL worker takes from itself before it reads a query: the network, writing, memory.

A seccomp filter (Linux, x86-64 and AArch64) lets through what evaluating needs and answers EPERM to
every other system call: no sockets, no new processes, no file opened for writing, no executable
memory. Resource limits do the rest. Both outlive any fault in the engine, and cannot be undone.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_X86_64, _AARCH64 = 0xC000003E, 0xC00000B7  # AUDIT_ARCH_…, linux/audit.h
_ARCHITECTURES = {"x86_64": _X86_64, "aarch64": _AARCH64}

# name: (number on x86-64, number on AArch64); asm/unistd_64.h, asm-generic/unistd.h
_ALLOWED = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66),
    "pread64": (17, 67), "preadv": (295, 69), "lseek": (8, 62), "close": (3, 57),
    "fstat": (5, 80), "newfstatat": (262, 79), "statx": (332, 291), "fstatfs": (138, 44),
    "statfs": (137, 43), "faccessat": (269, 48), "faccessat2": (439, 439),
    "readlinkat": (267, 78), "getdents64": (217, 61), "getcwd": (79, 17), "fcntl": (72, 25),
    "fadvise64": (221, 223), "dup": (32, 23),
    "munmap": (11, 215), "mremap": (25, 216), "brk": (12, 214), "madvise": (28, 233),
    "mincore": (27, 232), "membarrier": (324, 283),
    "futex": (202, 98), "futex_waitv": (449, 449), "set_robust_list": (273, 99),
    "rseq": (334, 293), "set_tid_address": (218, 96), "gettid": (186, 178), "getpid": (39, 172),
    "getppid": (110, 173), "exit": (60, 93), "exit_group": (231, 94),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120), "getcpu": (309, 168),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101), "gettimeofday": (96, 169), "restart_syscall": (219, 128),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132), "ppoll": (271, 73), "getrandom": (318, 278),
    "uname": (63, 160), "sysinfo": (99, 179), "getrusage": (98, 165),
    "getrlimit": (97, 163), "setrlimit": (160, 164),
}  # fmt: skip
# Calls of the older x86-64 interface that have no number on AArch64.
_ALLOWED_X86_64 = {"stat": 4, "lstat": 6, "access": 21, "readlink": 89, "poll": 7, "time": 201}

# Allowed as far as an argument says: name: (numbers, which argument, mask, value after masking).
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROT_EXEC, _CLONE_THREAD, _WHOLE = 4, 0x10000, 0xFFFFFFFF
_CONDITIONAL = {
    "openat": ((257, 56), 2, _WRITING, 0),
    "mmap": ((9, 222), 2, _PROT_EXEC, 0),
    "mprotect": ((10, 226), 2, _PROT_EXEC, 0),
    "clone": ((56, 220), 0, _CLONE_THREAD, _CLONE_THREAD),
    "prlimit64": ((302, 261), 0, _WHOLE, 0),
}
_OPEN_X86_64 = (2, 1, _WRITING, 0)
_CLONE3 = 435  # its flags are out of a filter's sight; ENOSYS makes libc fall back to clone
_TGKILL = (234, 131)  # needed by abort(); allowed within the own process

# Classic BPF (linux/bpf_common.h, linux/seccomp.h).
_LOAD, _EQUAL, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCH, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data (little-endian)

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 1, 4, 38, 22
_SECCOMP_MODE_FILTER = 2
_AF_INET, _SOCK_STREAM = 2, 1

_NICENESS = 5
_MAX_FILES = 4096
_MAX_WRITTEN = 1 << 20  # bytes; only the file that takes the worker's last words

Instruction = tuple[int, int, int, int]


def limit_resources(memory: int) -> None:
    """No core dumps, few files, at most ``memory`` bytes of address space, and the last in line.

    When the machine is short of processor or memory, who serves goes before who evaluates.
    """
    os.nice(_NICENESS)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MAX_WRITTEN, _MAX_WRITTEN))
    files = min(_MAX_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))


def limit_cpu(seconds: float) -> None:
    """Let the process end by SIGXCPU when it has used this much more CPU time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


def die_with_parent(parent: int) -> None:
    """Be killed when the parent process ends, and end now when it has ended already."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit


def restrict_system_calls() -> bool:
    """Install the filter and try it; False when this machine has no such thing.

    PermissionError when the filter was taken but a socket can still be had.
    """
    architecture = _ARCHITECTURES.get(platform.machine()) if sys.platform == "linux" else None
    if architecture is None or sys.byteorder != "little":
        return False
    program = b"".join(struct.pack("HBBI", *i) for i in _filter(architecture, os.getpid()))
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HP", len(program) // 8, ctypes.addressof(code))
    filter_program = ctypes.create_string_buffer(header, len(header))
    try:
        _prctl(_PR_SET_DUMPABLE, 0)
        _prctl(_PR_SET_NO_NEW_PRIVS, 1)
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(filter_program))
    except OSError:
        return False
    if can_open_socket():
        raise PermissionError("the system call filter lets sockets through")
    return True


def can_open_socket() -> bool:
    """Whether this process may still make a socket."""
    descriptor = _libc().socket(_AF_INET, _SOCK_STREAM, 0)
    if descriptor >= 0:
        os.close(descriptor)
    return descriptor >= 0 or ctypes.get_errno() != errno.EPERM


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(a) for a in (*arguments, 0, 0, 0, 0)[:4]]
    if _libc().prctl(option, *padded) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")


def _filter(architecture: int, own_process: int) -> Iterator[Instruction]:
    column = 0 if architecture == _X86_64 else 1
    yield (_LOAD, 0, 0, _ARCH)
    yield (_EQUAL, 1, 0, architecture)
    yield (_RETURN, 0, 0, _KILL)
    yield (_LOAD, 0, 0, _NUMBER)
    # Each number stands alone, so x86-64's second set of numbers (x32) fits none.
    yield from _answer((numbers[column] for numbers in _ALLOWED.values()), _ALLOW)
    yield from _answer((_CLONE3,), _ERROR | errno.ENOSYS)
    for numbers, argument, mask, value in _CONDITIONAL.values():
        yield from _answer_if(numbers[column], argument, mask, value)
    yield from _answer_if(_TGKILL[column], 0, _WHOLE, own_process)
    if architecture == _X86_64:
        yield from _answer(_ALLOWED_X86_64.values(), _ALLOW)
        yield from _answer_if(*_OPEN_X86_64)
    yield (_RETURN, 0, 0, _ERROR | errno.EPERM)


def _answer(numbers: Iterable[int], action: int) -> Iterator[Instruction]:
    for number in numbers:
        yield (_EQUAL, 0, 1, number)
        yield (_RETURN, 0, 0, action)


def _answer_if(number: int, argument: int, mask: int, value: int) -> Iterator[Instruction]:
    """Allow the call when the low half of its argument, masked, is the value; refuse it else."""
    yield (_EQUAL, 0, 5, number)
    yield (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)
    yield (_AND, 0, 0, mask)
    yield (_EQUAL, 0, 1, value)
    yield (_RETURN, 0, 0, _ALLOW)
    yield (_RETURN, 0, 0, _ERROR | errno.EPERM)
