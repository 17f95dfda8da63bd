/* Preloaded into greenroom by `torture/run disk`: a disk that is slow, or that fails.
 *
 * Told by the environment:
 *   TORTURE_ONLY         only files whose path has this in it (all regular files where it is not given)
 *   TORTURE_SYNC_MS      each sync takes so many milliseconds longer
 *   TORTURE_SYNC_FAILS   the N-th sync fails with EIO, and so does each one after it
 *   TORTURE_SYNC_LIES    syncs do nothing and say that they did it
 *   TORTURE_WRITE_FAILS  writes fail with EIO once so many bytes were taken
 *   TORTURE_WRITE_ERRNO  the number of another error for them
 *   TORTURE_WRITE_MS     writes fail from so many milliseconds after the start on
 *   TORTURE_RENAME_FAILS renames fail with EIO from so many milliseconds after the start on
 *   TORTURE_LOG          where each fault and each sync is written down, a line each
 *
 * Only calls by way of the C library are seen, except for rename, which a filter in the kernel refuses: Rust crates
 * call the system for it themselves.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static long syncs, taken;
static const char *only, *log_path;
static long sync_ms, sync_fails = -1, write_fails = -1, rename_fails = -1, write_errno = EIO;
static long write_ms = -1;
static int lies;
static struct timespec began;

static void note(const char *format, ...) {
    char line[4300];
    va_list arguments;
    if (!log_path)
        return;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    int log = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (log >= 0) {
        syscall(SYS_write, log, line, (size_t)length);
        syscall(SYS_close, log);
    }
}

static long number(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

static void pause_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    while (nanosleep(&time, &time) != 0 && errno == EINTR) {
    }
}

/* Whether a file is one of those that are meddled with; its path, too. */
static int meant(int fd, char *path, size_t size) {
    char link[64];
    struct stat data;
    if (fstat(fd, &data) != 0 || (!S_ISREG(data.st_mode) && !S_ISDIR(data.st_mode)))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return !only || strstr(path, only) != NULL;
}

static int synced(int fd, long call, const char *name) {
    char path[4096];
    if (!meant(fd, path, sizeof path))
        return (int)syscall(call, fd);
    pthread_mutex_lock(&guard);
    long nth = ++syncs;
    pthread_mutex_unlock(&guard);
    if (sync_ms > 0)
        pause_ms(sync_ms);
    if (sync_fails >= 0 && nth >= sync_fails) {
        note("%s EIO %s\n", name, path);
        errno = EIO;
        return -1;
    }
    note("%s ok %s\n", name, path);
    return lies ? 0 : (int)syscall(call, fd);
}

int fsync(int fd) { return synced(fd, SYS_fsync, "fsync"); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync, "fdatasync"); }

/* Whether the time has come from which on no write is taken. */
static int too_late(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return write_ms >= 0 &&
           (now.tv_sec - began.tv_sec) * 1000 + (now.tv_nsec - began.tv_nsec) / 1000000 >= write_ms;
}

/* Whether a write goes over what is there; that takes no room, but a disk that fails does so everywhere. */
static int within(int fd, size_t count) {
    struct stat data;
    off_t at = lseek(fd, 0, SEEK_CUR);
    int appends = fcntl(fd, F_GETFL) & O_APPEND;
    return !appends && at >= 0 && fstat(fd, &data) == 0 && at + (off_t)count <= data.st_size;
}

/* How much of a write is taken; -1 where it fails. */
static ssize_t allowed(int fd, size_t count) {
    char path[4096];
    if ((write_fails < 0 && !too_late()) || !meant(fd, path, sizeof path))
        return (ssize_t)count;
    if (within(fd, count) && !too_late() && (taken < write_fails || write_errno != EIO))
        return (ssize_t)count;
    pthread_mutex_lock(&guard);
    long room = too_late() ? 0 : write_fails - taken;
    long now = room < (long)count ? room : (long)count;
    if (now > 0)
        taken += now;
    pthread_mutex_unlock(&guard);
    if (now <= 0 && count > 0) {
        note("write %ld %s\n", write_errno, path);
        errno = (int)write_errno;
        return -1;
    }
    return now;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    ssize_t now = allowed(fd, count);
    return now < 0 ? -1 : syscall(SYS_write, fd, bytes, (size_t)now);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    char path[4096];
    if ((write_fails < 0 && write_ms < 0) || count < 1 || !meant(fd, path, sizeof path))
        return syscall(SYS_writev, fd, parts, count);
    return write(fd, parts[0].iov_base, parts[0].iov_len);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    char path[4096];
    int fails = write_fails >= 0 && write_errno == EIO && taken >= write_fails;
    if ((fails || too_late()) && meant(fd, path, sizeof path)) {
        note("pwrite EIO %s\n", path);
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

static void *refuse_renames(void *unused) {
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
#ifdef SYS_rename
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_rename, 3, 0),
#else
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 3, 0),
#endif
#ifdef SYS_renameat
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat, 2, 0),
#else
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 2, 0),
#endif
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EIO),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    (void)unused;
    pause_ms(rename_fails);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    long done = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    note(done == 0 ? "renames are refused\n" : "renames cannot be refused\n");
    return NULL;
}

__attribute__((constructor)) static void begin(void) {
    pthread_t thread;
    only = getenv("TORTURE_ONLY");
    log_path = getenv("TORTURE_LOG");
    sync_ms = number("TORTURE_SYNC_MS", 0);
    sync_fails = number("TORTURE_SYNC_FAILS", -1);
    lies = number("TORTURE_SYNC_LIES", 0) != 0;
    write_fails = number("TORTURE_WRITE_FAILS", -1);
    write_ms = number("TORTURE_WRITE_MS", -1);
    clock_gettime(CLOCK_MONOTONIC, &began);
    write_errno = number("TORTURE_WRITE_ERRNO", EIO);
    rename_fails = number("TORTURE_RENAME_FAILS", -1);
    note("loaded\n");
    if (rename_fails >= 0 && pthread_create(&thread, NULL, refuse_renames, NULL) == 0)
        pthread_detach(thread);
}
