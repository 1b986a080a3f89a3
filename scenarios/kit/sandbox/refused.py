"""System calls that a box refuses: those that leave something to the next session, or reach into another process.

Sessions of a box share its first process, its user and its namespaces. What would outlive one there is shared memory,
semaphores and queues, keys, and whatever it changes in the first process: memory, descriptors, limits, priority. All of
it fails with EPERM. Runs inside the box and imports nothing of the lab.
"""

import ctypes
import errno
import os
import platform
import struct

_WHOLLY = {
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "kcmp": (312, 272),
    "pidfd_getfd": (438, 438),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
}
"""The kernel's number of each call, on each kind of machine."""

_FOR_OTHERS = {
    "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "sched_setaffinity": (203, 122),
    "sched_setattr": (314, 274),
    "prlimit64": (302, 261),
}
"""The same of calls that begin with a process id: 0 is the caller itself, and allowed."""

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The place of a machine's numbers, and the kernel's number of the machine."""

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
"""Where a filter finds them."""

_OTHER_TABLE = 0x40000000
"""Numbers from here on name the same calls once more (x32)."""

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_SET_DUMPABLE, _SET_SECCOMP, _SET_NO_NEW_PRIVILEGES, _BY_FILTER = 4, 22, 38, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def refuse() -> None:
    """Refuse them from now on to this process and to every one it starts, for good; and let none of them look into it.

    Raises
    ------
    OSError
        Where the kernel cannot, or the machine is of a kind whose numbers are not known here.
    """
    if platform.machine() not in _MACHINES:
        raise OSError(f"no list of system calls for a machine of the kind {platform.machine()}")
    steps = _steps(*_MACHINES[platform.machine()])
    held = ctypes.create_string_buffer(steps, len(steps))
    program = _Program(len(steps) // 8, ctypes.cast(held, ctypes.c_void_p))
    _control(_SET_DUMPABLE, 0)
    _control(_SET_NO_NEW_PRIVILEGES, 1)
    _control(_SET_SECCOMP, _BY_FILTER, ctypes.byref(program))


def _steps(which: int, machine: int) -> bytes:
    """The filter. Its last steps: allow; look at the process id; refuse. A jump says how many steps it leaves out."""
    wholly, for_others = [one[which] for one in _WHOLLY.values()], [one[which] for one in _FOR_OTHERS.values()]
    allowed = 4 + len(wholly) + len(for_others)
    looked_at, refused = allowed + 1, allowed + 3
    steps = [(_LOAD, 0, 0, _MACHINE), (_EQUAL, 0, refused - 2, machine)]
    steps += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, refused - 4, 0, _OTHER_TABLE)]
    steps += [(_EQUAL, refused - at, 0, number) for at, number in enumerate(wholly, 5)]
    steps += [(_EQUAL, looked_at - at, 0, number) for at, number in enumerate(for_others, 5 + len(wholly))]
    steps += [(_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _FIRST_ARGUMENT), (_EQUAL, 1, 0, 0)]
    steps += [(_RETURN, 0, 0, _REFUSE), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def _control(what: int, *given: object) -> None:
    wide = [ctypes.c_ulong(one) if isinstance(one, int) else one for one in given]
    padding = [ctypes.c_ulong(0)] * (4 - len(wide))
    if ctypes.CDLL(None, use_errno=True).prctl(what, *wide, *padding):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
