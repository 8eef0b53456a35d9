// The least a journal can do: encode a batch of records, checksum it, pwrite it, fdatasync it; on one thread, nothing else.
// The layout is the journal's own (64-byte batch header, 24-byte record headers, 128-byte payloads, 4 KiB blocks), so that
// both put the same bytes on the disk. The file is filled with zeros and synced before the clock starts.
//
//   gcc -O2 -msse4.2 -o fdatasync_loop fdatasync_loop.c        (arm64: -march=armv8-a+crc)
//   ./fdatasync_loop FILE RECORDS_PER_BATCH MILLISECONDS FILE_BYTES
//
// Prints: records per second, then the 50th and 99th percentile of one write and sync in microseconds.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <nmmintrin.h>
#define CRC64(crc, word) ((uint32_t)_mm_crc32_u64(crc, word))
#else
#include <arm_acle.h>
#define CRC64(crc, word) __crc32cd(crc, word)
#endif

enum { BLOCK = 4096, BATCH_HEADER = 64, RECORD_HEADER = 24, PAYLOAD = 128, RECORD = RECORD_HEADER + PAYLOAD, SECTOR = 512 };

static double now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static uint32_t crc32c(uint32_t crc, const uint8_t *bytes, size_t length) {
    for (size_t at = 0; at + 8 <= length; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        crc = CRC64(crc, word);
    }
    return crc;
}

static int by_value(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: %s FILE RECORDS_PER_BATCH MILLISECONDS FILE_BYTES\n", argv[0]);
        return 2;
    }
    const char *path = argv[1];
    size_t batch = strtoul(argv[2], NULL, 10);
    double limit_us = strtod(argv[3], NULL) * 1e3;
    off_t file_bytes = strtoll(argv[4], NULL, 10);

    int fd = open(path, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0644);
    if (fd < 0) fail("open");
    static uint8_t zeros[1 << 20];
    for (off_t at = 0; at < file_bytes; at += sizeof zeros)
        if (pwrite(fd, zeros, sizeof zeros, at) != (ssize_t)sizeof zeros) fail("pwrite");
    if (fsync(fd) != 0) fail("fsync");

    size_t used = BATCH_HEADER + batch * RECORD;
    size_t whole = (used + used / SECTOR + BLOCK - 1) / BLOCK * BLOCK;
    uint8_t *buffer = aligned_alloc(BLOCK, whole);
    uint8_t payload[PAYLOAD];
    memset(payload, 7, sizeof payload);
    size_t capacity = 1 << 20, count = 0;
    float *took = malloc(capacity * sizeof *took);

    uint64_t sequence = 1;
    off_t at = BLOCK;
    double start = now_us(), before = start;
    while (before - start < limit_us && at + (off_t)whole <= file_bytes && count < capacity) {
        for (size_t index = 0; index < batch; index++, sequence++) {
            uint8_t *record = buffer + BATCH_HEADER + index * RECORD;
            uint32_t length = PAYLOAD;
            memcpy(record, &length, 4);
            memcpy(record + 8, &sequence, 8);
            memcpy(record + 16, &before, 8);
            memcpy(record + RECORD_HEADER, payload, PAYLOAD);
        }
        memset(buffer + used, 0, whole - used);
        for (size_t end = SECTOR - 1; end < whole; end += SECTOR) buffer[end] = 0xA5;
        uint32_t crc = crc32c(~0u, buffer + BATCH_HEADER, whole - BATCH_HEADER);
        memcpy(buffer, &crc, 4);
        memcpy(buffer + 8, &at, 8);
        if (pwrite(fd, buffer, whole, at) != (ssize_t)whole) fail("pwrite");
        if (fdatasync(fd) != 0) fail("fdatasync");
        at += whole;
        double after = now_us();
        took[count++] = (float)(after - before);
        before = after;
    }
    double seconds = (before - start) / 1e6;
    if (count == 0) return 1;
    qsort(took, count, sizeof *took, by_value);
    printf("%.0f %.1f %.1f\n", count * batch / seconds, took[count / 2], took[count * 99 / 100]);
    close(fd);   // The file stays: deleting it would slow whoever measures next.
    return 0;
}
