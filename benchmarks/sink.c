/* A fast SMTP sink, for measuring senders: it counts, keeps nothing and checks nothing.

   usage: sink [DELAY]      in milliseconds

   It prints the port that the system has chosen for it, and on SIGTERM one line of JSON:
   messages, their octets as they came (dot-stuffed, without the final dot), and when the
   first and the last of them had come, in seconds of CLOCK_MONOTONIC.

   One thread, one epoll loop. With a delay, what answers the commands of one read leaves
   in one piece that long after they came; commands that come meanwhile are not held up,
   so a delay is a round trip and not a rate. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define REPORT "{\"messages\": %llu, \"octets\": %llu, \"first\": %.6f, \"last\": %.6f}\n"
enum { CONNECTIONS = 4096, EVENTS = 64, READ = 128 * 1024, REPLIES = 8192 };

/* What has come in on one connection; the table's index is its descriptor. */
struct connection {
    unsigned serial;    /* tells apart the connections that had this descriptor */
    bool in_message;
    int matched;        /* how many octets of CRLF.CRLF the message ends in so far */
    int length;         /* of what is known of the command line's first word */
    char verb[4];
};

/* The answers to one read, in the order of the time at which they are due. */
struct reply {
    struct reply *next;
    int64_t due;        /* nanoseconds */
    unsigned serial;
    int fd;
    bool closing;       /* it answers QUIT */
    size_t length;
    char text[];
};

static struct connection connections[CONNECTIONS];
static struct reply *first_reply, **last_reply = &first_reply;
static char input[READ];        /* what one read has brought, and what answers it */
static char replies[REPLIES];
static size_t replies_length;
static bool quits;
static int poller, timer;
static int64_t now, delay;
static unsigned long long messages, octets;
static int64_t first, last;     /* when these messages ended */

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int64_t clock_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void watch(int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (fd < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event))
        fail("cannot watch");
}

static void hang_up(int fd)
{
    connections[fd].serial++;
    close(fd);
}

/* Replies are short: a client that lets them pile up in its socket is cut off. */
static void write_reply(int fd, const char *text, size_t length, bool closing)
{
    if (send(fd, text, length, MSG_DONTWAIT | MSG_NOSIGNAL) != (ssize_t)length)
        hang_up(fd);
    else if (closing)
        shutdown(fd, SHUT_WR);
}

static void set_timer(void)
{
    int64_t due = first_reply->due;
    struct itimerspec when = {.it_value = {due / 1000000000, due % 1000000000}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

/* Every reply waits equally long, so the queue is in order by itself. */
static void queue_reply(int fd)
{
    struct reply *reply = malloc(sizeof *reply + replies_length);
    if (!reply)
        fail("malloc");
    *reply = (struct reply){.due = now + delay, .serial = connections[fd].serial,
                            .fd = fd, .closing = quits, .length = replies_length};
    memcpy(reply->text, replies, replies_length);
    *last_reply = reply;
    last_reply = &reply->next;
    if (first_reply == reply)
        set_timer();
}

static void send_due_replies(void)
{
    uint64_t expirations;
    if (read(timer, &expirations, sizeof expirations) < 0 && errno != EAGAIN)
        fail("timer");
    while (first_reply && first_reply->due <= now) {
        struct reply *reply = first_reply;
        if (!(first_reply = reply->next))
            last_reply = &first_reply;
        if (reply->serial == connections[reply->fd].serial)
            write_reply(reply->fd, reply->text, reply->length, reply->closing);
        free(reply);
    }
    if (first_reply)
        set_timer();
}

static void answer(const char *text)
{
    size_t length = strlen(text);
    if (replies_length + length > sizeof replies)
        fail("too many commands at once");
    memcpy(replies + replies_length, text, length);
    replies_length += length;
}

static void end_message(void)
{
    char text[64];
    last = now;
    if (++messages == 1)
        first = now;
    snprintf(text, sizeof text, "250 2.0.0 Ok: queued as %llX\r\n", messages);
    answer(text);
}

/* Go through a message's octets; give the place behind what belongs to it. */
static const char *read_message(struct connection *connection, const char *at, const char *end)
{
    static const char ending[] = "\r\n.\r\n";
    const char *start = at;
    while (at < end && connection->in_message) {
        if (connection->matched == 0 && *at != '\r') {
            const char *found = memchr(at, '\r', end - at);
            at = found ? found : end;
            continue;
        }
        connection->matched = *at == ending[connection->matched] ? connection->matched + 1
                                                                 : *at == '\r';
        at++;
        if (connection->matched == 5) {
            connection->in_message = false;
            octets -= 3;        /* the line with the dot is no part of the message */
            end_message();
        }
    }
    octets += at - start;
    return at;
}

static void obey(struct connection *connection)
{
    const char *verb = connection->verb;
    if (!strncasecmp(verb, "MAIL", 4) || !strncasecmp(verb, "RCPT", 4) ||
        !strncasecmp(verb, "RSET", 4) || !strncasecmp(verb, "HELO", 4)) {
        answer("250 2.1.0 Ok\r\n");
    } else if (!strncasecmp(verb, "DATA", 4)) {
        connection->in_message = true;
        connection->matched = 2;        /* the command's own line end counts */
        answer("354 End data with <CR><LF>.<CR><LF>\r\n");
    } else if (!strncasecmp(verb, "EHLO", 4)) {
        answer("250-sink\r\n250-PIPELINING\r\n250-SIZE 100000000\r\n"
               "250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n");
    } else if (!strncasecmp(verb, "QUIT", 4)) {
        answer("221 2.0.0 Bye\r\n");
        quits = true;
    } else {
        answer("502 5.5.1 Not here\r\n");
    }
}

/* Take one command line, or what is there of it; give the place behind it. */
static const char *read_command(struct connection *connection, const char *at, const char *end)
{
    const char *line_end = memchr(at, '\n', end - at);
    for (; at < end && connection->length < 4; at++)
        connection->verb[connection->length++] = *at;
    if (!line_end)
        return end;
    connection->length = 0;
    obey(connection);
    return line_end + 1;
}

static void read_from(int fd)
{
    struct connection *connection = &connections[fd];
    ssize_t length = recv(fd, input, sizeof input, MSG_DONTWAIT);
    if (length < 0 && errno == EAGAIN)
        return;
    if (length <= 0) {
        hang_up(fd);
        return;
    }
    const char *at = input, *end = input + length;
    replies_length = 0;
    quits = false;
    while (at < end)
        at = connection->in_message ? read_message(connection, at, end)
                                    : read_command(connection, at, end);
    if (replies_length == 0)
        return;
    if (delay)
        queue_reply(fd);
    else
        write_reply(fd, replies, replies_length, quits);
}

static void welcome(int listener)
{
    static const char greeting[] = "220 sink ESMTP\r\n";
    int fd = accept(listener, NULL, NULL), on = 1;
    if (fd < 0 || fd >= CONNECTIONS)
        fail("accept");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections[fd] = (struct connection){.serial = connections[fd].serial};
    watch(fd);
    write_reply(fd, greeting, sizeof greeting - 1, false);
}

static int open_listener(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 1024) ||
        getsockname(listener, (struct sockaddr *)&address, &length))
        fail("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

static int catch_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, 0);
}

int main(int count, char **arguments)
{
    struct epoll_event events[EVENTS];
    delay = count > 1 ? atoll(arguments[1]) * 1000000 : 0;
    poller = epoll_create1(0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    int signals = catch_signals(), listener = open_listener();
    watch(signals);
    watch(timer);
    watch(listener);
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS, -1);
        now = clock_now();
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd == signals)
                return printf(REPORT, messages, octets, first / 1e9, last / 1e9) < 0;
            if (fd == timer)
                send_due_replies();
            else if (fd == listener)
                welcome(fd);
            else
                read_from(fd);
        }
    }
}
