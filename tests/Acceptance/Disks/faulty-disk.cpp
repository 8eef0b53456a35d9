// Loaded into the server in front of libc: fdatasync fails or waits while a file says so (docs/faults.md F4, F6).
// The runtime looks its system calls up by name in libc's own table, so it is the look-up that is answered.
#include <dlfcn.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <sys/syscall.h>
#include <unistd.h>

static bool failed = false;

static char order()
{
    char said = 0;
    int file = open(getenv("FAULTY_DISK"), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    if (read(file, &said, 1) != 1)
        said = 0;
    close(file);
    return said;
}

static int data_sync(int descriptor)
{
    if (failed) // A sync after one that failed is the fault itself: it would lie.
        unlink(getenv("FAULTY_DISK"));
    while (order() == 'w')
        usleep(5000);
    if (order() == 'f')
    {
        failed = true;
        errno = EIO;
        return -1;
    }

    return (int)syscall(SYS_fdatasync, descriptor);
}

extern "C" void *dlsym(void *handle, const char *name) noexcept
{
    using Lookup = void *(*)(void *, const char *);
    static Lookup real = nullptr;
    for (const char *version : {"GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5"})
    {
        if (real == nullptr)
            real = (Lookup)dlvsym(RTLD_NEXT, "dlsym", version);
    }

    return strcmp(name, "fdatasync") == 0 ? (void *)data_sync : real(handle, name);
}
