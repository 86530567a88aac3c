/* The walking floor of upturn.floor.engine.plain in C, need by need the same: the peer that says
 * how much a compiled loop leaves on the table. One at a time, scanning, own the whole, pooled.
 * Places are at most 64, so that what is in sight of a walk is one word. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DONE, ARRIVED, ON_SHIFT, NEED, ASKED, OFFERED, GIVES_UP, LOOK };
enum { ONE_AT_A_TIME, SCAN, OWN_THE_WHOLE, POOLED };
enum { OFF, IDLE, WALKING, SERVING };
enum { SERVED, GAVE_UP, OPEN };
#define EPSILON_S 1e-9

typedef struct {
    int64_t nodes, kinds, servers, items, stations, points;
    const double *walk_s, *slow, *work_rate, *starts_s, *ends_s, *due_s, *weight, *mean_s;
    const double *load_x, *load_y;
    const int64_t *owner, *station, *home, *own_section, *capacity, *rank, *item, *together;
    const int64_t *tours, *tour_at;
    const uint8_t *owner_only, *adjacent;
    double look_s, loafing_share, help_cost_share;
    int64_t table_lock;
} Floor;

typedef struct {
    int64_t kind;
    double cadence_s, detour_s, own_first_s;
    int64_t when_free, adjacent;
} Policy;

typedef struct {
    int64_t count;
    const double *created_s;
    const int64_t *node, *kind;
    const double *service_s, *patience_s, *asks_s;
} Needs;

typedef struct {
    double *known_s, *started_s, *ended_s;
    int64_t *server, *trip, *outcome;
    double *walk_s, *busy_s;
    int64_t *trips, *in_vain;
} Out;

typedef struct {
    int64_t *fetch;
    double *fetch_s;
    uint64_t *sight, *own_tables;
    uint8_t *is_station;
} Walks;

typedef struct { double at; int64_t what; } Event;

typedef struct {
    const Floor *floor; const Policy *policy; const Needs *needs; const Out *out;
    double now; int64_t waiting, left, reads;
    Event *heap; int64_t size, room;
    int64_t *next, *before, *head, *tail; uint8_t *is_open;   /* open needs, a list an owner */
    int64_t *unknown, *unknown_next; uint64_t unknown_at;      /* a list a node */
    Event *offered; int64_t offers, offer;                     /* first in, first out */
    int64_t *at, *doing, *carries, *going_for, *start, *via, *round, *round_end, *locks;
    double *looked_s, *look_pushed_s;
    int64_t *met, *met_count, most_together;
    int64_t *fetch; double *fetch_s; uint64_t *sight, *own_tables; uint8_t *is_station;
} State;

static int earlier(Event a, Event b) { return a.at < b.at || (a.at == b.at && a.what < b.what); }

static void push(State *s, double at, int64_t event, int64_t number) {
    if (s->size == s->room) s->heap = realloc(s->heap, (s->room *= 2) * sizeof(Event));
    Event added = {at, event << 40 | number};
    int64_t hole = s->size++;
    while (hole && earlier(added, s->heap[(hole - 1) / 2])) {
        s->heap[hole] = s->heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    s->heap[hole] = added;
}

static void pop(State *s) {
    Event last = s->heap[--s->size];
    int64_t hole = 0, child;
    while ((child = 2 * hole + 1) < s->size) {
        if (child + 1 < s->size && earlier(s->heap[child + 1], s->heap[child])) child++;
        if (!earlier(s->heap[child], last)) break;
        s->heap[hole] = s->heap[child];
        hole = child;
    }
    s->heap[hole] = last;
}

static int64_t owner_of(State *s, int64_t need) { return s->floor->owner[s->needs->node[need]]; }
static int64_t list_of(State *s, int64_t need) {
    int64_t owner = owner_of(s, need);
    return owner < 0 ? s->floor->servers : owner;
}

static void open_need(State *s, int64_t need) {
    int64_t list = list_of(s, need), before = s->tail[list], next = -1;
    while (before > need) { next = before; before = s->before[before]; }
    s->before[need] = before;
    s->next[need] = next;
    if (before < 0) s->head[list] = need; else s->next[before] = need;
    if (next < 0) s->tail[list] = need; else s->before[next] = need;
    s->is_open[need] = 1;
}

static void close_need(State *s, int64_t need) {
    if (!s->is_open[need]) return;
    int64_t list = list_of(s, need), before = s->before[need], next = s->next[need];
    if (before < 0) s->head[list] = next; else s->next[before] = next;
    if (next < 0) s->tail[list] = before; else s->before[next] = before;
    s->is_open[need] = 0;
}

static double walk(State *s, int64_t a, int64_t b) { return s->floor->walk_s[a * s->floor->nodes + b]; }

static int in_hand(State *s, int64_t server, int64_t item) {
    return s->carries[server * s->floor->items + item] > 0 || s->is_station[s->at[server]];
}

static int64_t first_stop(State *s, int64_t server, int64_t need) {
    int64_t item = s->floor->item[s->needs->kind[need]], at = s->at[server];
    if (item < 0 || in_hand(s, server, item)) return at;
    return s->fetch[at * s->floor->nodes + s->needs->node[need]];
}

static double reach_s(State *s, int64_t server, int64_t need) {
    int64_t item = s->floor->item[s->needs->kind[need]], at = s->at[server];
    int64_t node = s->needs->node[need];
    double seconds = item < 0 || in_hand(s, server, item) ? walk(s, at, node)
                                                         : s->fetch_s[at * s->floor->nodes + node];
    return seconds * s->floor->slow[server];
}

static double cost(State *s, int64_t server, int64_t need) {
    double reach = reach_s(s, server, need);
    int64_t kind = s->needs->kind[need];
    double late = s->now + reach - (s->needs->created_s[need] + s->floor->due_s[kind]);
    return late > 0 ? reach - s->floor->weight[kind] * late : reach;
}

static int is_locked(State *s, int64_t need) {
    return s->floor->table_lock && s->locks[s->needs->node[need]] > 0;
}

static int is_able(State *s, int64_t server, int64_t need) {
    const Floor *f = s->floor;
    int64_t kind = s->needs->kind[need], item = f->item[kind];
    return f->rank[server * f->kinds + kind] >= 0
        && (item < 0 || f->capacity[server * f->items + item] > 0);
}

static int64_t best_of(State *s, int64_t server, int64_t from, int64_t until) {
    int64_t best = -1;
    double least = INFINITY;
    for (int64_t list = from; list < until; list++)
        for (int64_t need = s->head[list]; need >= 0; need = s->next[need]) {
            if (is_locked(s, need) || !is_able(s, server, need)) continue;
            double costs = cost(s, server, need);
            if (best < 0 || costs < least || (costs == least && need < best)) {
                least = costs;
                best = need;
            }
        }
    return best;
}

static int stays_in_time(State *s, int64_t server, int64_t need, int64_t target) {
    const Floor *f = s->floor;
    int64_t at = s->at[server], node = s->needs->node[need], goal = s->needs->node[target];
    int64_t via = first_stop(s, server, target);
    double onward = via == at || via == node ? walk(s, node, goal)
                                             : walk(s, node, via) + walk(s, via, goal);
    double walks = (walk(s, at, node) + onward) * f->slow[server];
    double begins = s->now + walks + f->mean_s[s->needs->kind[need]];
    return begins <= s->needs->created_s[target] + f->due_s[s->needs->kind[target]];
}

static double extra_s(State *s, int64_t server, int64_t need, int64_t target) {
    const Floor *f = s->floor;
    const Policy *p = s->policy;
    int64_t node = s->needs->node[need], kind = s->needs->kind[need], at = s->at[server];
    int64_t item = f->item[kind];
    if (f->owner[node] == server || f->owner_only[kind]) return INFINITY;
    if (p->adjacent && !f->adjacent[server * f->nodes + node]) return INFINITY;
    if (item >= 0 && !in_hand(s, server, item)) return INFINITY;
    int64_t goal = f->home[server];
    if (target >= 0) {
        goal = first_stop(s, server, target);
        if (goal == at) goal = s->needs->node[target];
    }
    double extra = walk(s, at, node) + walk(s, node, goal) - walk(s, at, goal);
    if (extra > EPSILON_S) {
        if (!(s->now >= s->out->known_s[need] + p->own_first_s)) return INFINITY;
        if (!(p->when_free && target < 0) && extra > p->detour_s + EPSILON_S) return INFINITY;
    }
    if (target < 0) return extra;
    int comes_first = walk(s, at, node) < walk(s, at, goal);
    return comes_first && stays_in_time(s, server, need, target) ? extra : INFINITY;
}

static int64_t best_help(State *s, int64_t server, int64_t target) {
    int64_t best = -1;
    int detour = 2;
    double least = INFINITY;
    for (int64_t list = 0; list <= s->floor->servers; list++) {
        if (list == server) continue;
        for (int64_t need = s->head[list]; need >= 0; need = s->next[need]) {
            if (is_locked(s, need) || !is_able(s, server, need)) continue;
            double extra = extra_s(s, server, need, target);
            if (extra == INFINITY) continue;
            int off_path = extra > EPSILON_S;
            if (off_path > detour) continue;
            double costs = cost(s, server, need);
            if (off_path < detour || costs < least || (costs == least && need < best)) {
                detour = off_path;
                least = costs;
                best = need;
            }
        }
    }
    return best;
}

static int64_t choose(State *s, int64_t server) {
    if (s->policy->kind == POOLED) return best_of(s, server, 0, s->floor->servers + 1);
    if (s->policy->kind == ONE_AT_A_TIME) {
        if (s->at[server] != s->floor->home[server]) return -1;
        for (int64_t need = s->head[server]; need >= 0; need = s->next[need])
            if (!is_locked(s, need) && is_able(s, server, need)) return need;
        return -1;
    }
    int64_t target = best_of(s, server, server, server + 1);
    if (s->policy->kind == SCAN) return target;
    int64_t helped = best_help(s, server, target);
    return helped >= 0 ? helped : target;
}

static int may_go(State *s, int64_t server) {
    return s->doing[server] == IDLE && s->now < s->floor->ends_s[server];
}

static int64_t who_goes(State *s, int64_t need) {
    int64_t owner = owner_of(s, need), best = -1;
    if (owner >= 0 && s->policy->kind != POOLED && may_go(s, owner) && is_able(s, owner, need))
        return owner;
    if (s->policy->kind < OWN_THE_WHOLE) return -1;
    double least = INFINITY;
    for (int64_t server = 0; server < s->floor->servers; server++) {
        if (!may_go(s, server) || !is_able(s, server, need)) continue;
        if (s->policy->kind == OWN_THE_WHOLE && extra_s(s, server, need, -1) == INFINITY) continue;
        double reach = reach_s(s, server, need);
        if (reach < least) { least = reach; best = server; }
    }
    return best;
}

static double seconds_of(State *s, int64_t server, int64_t need) {
    const Floor *f = s->floor;
    int64_t owner = owner_of(s, need), on_shift = 0, at = 0;
    double seconds = s->needs->service_s[need] / f->work_rate[server];
    if (s->policy->kind == POOLED) seconds *= 1.0 + f->loafing_share;
    if (s->policy->kind == OWN_THE_WHOLE && owner >= 0 && owner != server)
        seconds *= 1.0 + f->help_cost_share;
    if (f->points == 1) return seconds * f->load_y[0];
    for (int64_t k = 0; k < f->servers; k++)
        on_shift += f->starts_s[k] <= s->now && s->now < f->ends_s[k];
    double load = (double)s->waiting / (double)(on_shift > 1 ? on_shift : 1);
    if (load <= f->load_x[0]) return seconds * f->load_y[0];
    if (load > f->load_x[f->points - 1]) return seconds * f->load_y[f->points - 1];
    while (f->load_x[at + 1] < load) at++;
    double slope = (f->load_y[at + 1] - f->load_y[at]) / (f->load_x[at + 1] - f->load_x[at]);
    return seconds * (slope * (load - f->load_x[at]) + f->load_y[at]);
}

static void set_off(State *s, int64_t server, int64_t need);
static void decide(State *s, int64_t server);

static void wake(State *s, int64_t need) {
    if (!s->is_open[need] || is_locked(s, need)) return;
    int64_t server = who_goes(s, need);
    if (server >= 0) set_off(s, server, need);
}

static void becomes_known(State *s, int64_t need) {
    s->out->known_s[need] = s->now;
    open_need(s, need);
    s->waiting++;
    if (s->policy->kind == OWN_THE_WHOLE && s->policy->own_first_s > 0) {
        Event due = {s->now + s->policy->own_first_s, (int64_t)OFFERED << 40 | need};
        int64_t hole = s->offers++;
        while (hole > s->offer && earlier(due, s->offered[hole - 1])) {
            s->offered[hole] = s->offered[hole - 1];
            hole--;
        }
        s->offered[hole] = due;
    }
    wake(s, need);
}

static void forget_unknown(State *s, int64_t need) {
    int64_t node = s->needs->node[need], *link = &s->unknown[node];
    while (*link >= 0 && *link != need) link = &s->unknown_next[*link];
    if (*link == need) *link = s->unknown_next[need];
    if (s->unknown[node] < 0) s->unknown_at &= ~(1ull << node);
}

static void notice(State *s, int64_t server) {
    if (s->policy->kind == ONE_AT_A_TIME || !s->unknown_at) return;
    int64_t nodes = s->floor->nodes, a = s->start[server], via = s->via[server], b = s->at[server];
    uint64_t seen = via == a ? s->sight[a * nodes + b] : s->sight[a * nodes + via] | s->sight[via * nodes + b];
    seen &= s->unknown_at;
    if (s->policy->kind == SCAN) seen &= s->own_tables[server];
    if (!seen) return;
    int64_t found[256], count = 0;
    for (; seen; seen &= seen - 1) {
        int64_t need = s->unknown[__builtin_ctzll(seen)];
        for (; need >= 0 && count < 256; need = s->unknown_next[need]) {
            if (s->needs->created_s[need] >= s->now) continue;
            int64_t hole = count++;
            for (; hole && found[hole - 1] > need; hole--) found[hole] = found[hole - 1];
            found[hole] = need;
        }
    }
    for (int64_t k = 0; k < count; k++) {
        forget_unknown(s, found[k]);
        becomes_known(s, found[k]);
    }
}

static void leave_table(State *s, int64_t server, int64_t node) {
    s->locks[node]--;
    decide(s, server);
    if (!s->floor->table_lock) return;
    int64_t owner = s->floor->owner[node], list = owner < 0 ? s->floor->servers : owner, next;
    for (int64_t need = s->head[list]; need >= 0; need = next) {
        next = s->next[need];
        if (s->needs->node[need] == node) wake(s, need);
    }
}

static void begin(State *s, int64_t server, int64_t need) {
    int64_t node = s->needs->node[need], kind = s->needs->kind[need], item = s->floor->item[kind];
    int64_t *met = &s->met[server * s->most_together], count = 0, list = list_of(s, need), other, next;
    int64_t most = s->floor->together[kind];
    double seconds = seconds_of(s, server, need);
    met[count++] = need;
    if (item >= 0) {
        int64_t left = s->carries[server * s->floor->items + item];
        if (left < most) most = left;
    }
    for (other = most > 1 ? s->head[list] : -1; other >= 0 && count < most; other = next) {
        next = s->next[other];
        if (s->needs->node[other] != node || s->needs->kind[other] != kind) continue;
        met[count++] = other;
        close_need(s, other);
    }
    if (item >= 0) s->carries[server * s->floor->items + item] -= count;
    for (int64_t k = 0; k < count; k++) {
        s->out->server[met[k]] = server;
        s->out->started_s[met[k]] = s->now;
        s->out->trip[met[k]] = s->out->trips[server];
    }
    s->waiting -= count;
    s->met_count[server] = count;
    s->doing[server] = SERVING;
    s->out->busy_s[server] += seconds;
    push(s, s->now + seconds, DONE, server);
}

static void arrived(State *s, int64_t server) {
    notice(s, server);
    int64_t need = s->going_for[server];
    s->going_for[server] = -1;
    if (need < 0) decide(s, server);
    else if (s->out->outcome[need] == GAVE_UP) {
        s->out->in_vain[server]++;
        leave_table(s, server, s->needs->node[need]);
    } else begin(s, server, need);
}

static void walks(State *s, int64_t server, int64_t node, int64_t via) {
    int64_t start = s->at[server];
    double far = via == start || via == node ? walk(s, start, node) : walk(s, start, via) + walk(s, via, node);
    double seconds = far * s->floor->slow[server];
    s->start[server] = start;
    s->via[server] = via;
    s->out->walk_s[server] += seconds;
    s->out->trips[server] += via == start ? s->is_station[start] : 1;
    s->doing[server] = WALKING;
    s->at[server] = node;
    if (seconds > 0 || s->going_for[server] < 0) push(s, s->now + seconds, ARRIVED, server);
    else {
        int64_t need = s->going_for[server];
        s->going_for[server] = -1;
        begin(s, server, need);
    }
}

static void set_off(State *s, int64_t server, int64_t need) {
    int64_t node = s->needs->node[need], item = s->floor->item[s->needs->kind[need]];
    int64_t via = first_stop(s, server, need);
    close_need(s, need);
    s->locks[node]++;
    if (item >= 0 && s->is_station[via])
        s->carries[server * s->floor->items + item] = s->floor->capacity[server * s->floor->items + item];
    s->going_for[server] = need;
    walks(s, server, node, via);
}

static void decide(State *s, int64_t server) {
    const Floor *f = s->floor;
    int64_t section = f->own_section[server];
    if (s->now >= f->ends_s[server]) { s->doing[server] = OFF; return; }
    int64_t need = choose(s, server);
    int tour = section >= 0 && f->tour_at[section + 1] > f->tour_at[section];
    double due = s->looked_s[server] + s->policy->cadence_s;
    if (need >= 0) { set_off(s, server, need); return; }
    if (s->round[server] == s->round_end[server] && tour && s->now >= due) {
        s->looked_s[server] = s->now;
        s->round[server] = f->tour_at[section];
        s->round_end[server] = f->tour_at[section + 1];
    }
    if (s->round[server] < s->round_end[server])
        walks(s, server, f->tours[s->round[server]++], s->at[server]);
    else if (s->at[server] != f->home[server]) walks(s, server, f->home[server], s->at[server]);
    else {
        s->doing[server] = IDLE;
        if (tour && s->policy->cadence_s < INFINITY && s->look_pushed_s[server] != due) {
            s->look_pushed_s[server] = due;
            push(s, due, LOOK, server);
        }
    }
}

static void need_comes(State *s, int64_t need) {
    const Needs *n = s->needs;
    if (n->patience_s[need] < INFINITY)
        push(s, n->created_s[need] + n->patience_s[need], GIVES_UP, need);
    if (n->asks_s[need] <= s->now) { becomes_known(s, need); return; }
    s->unknown_next[need] = s->unknown[n->node[need]];
    s->unknown[n->node[need]] = need;
    s->unknown_at |= 1ull << n->node[need];
    push(s, n->asks_s[need], ASKED, need);
}

static void gives_up(State *s, int64_t need) {
    if (s->out->started_s[need] < INFINITY) return;
    s->out->outcome[need] = GAVE_UP;
    s->out->ended_s[need] = s->now;
    close_need(s, need);
    if (s->out->known_s[need] < INFINITY) s->waiting--; else forget_unknown(s, need);
    s->left--;
}

static void done(State *s, int64_t server) {
    for (int64_t k = 0; k < s->met_count[server]; k++) {
        int64_t need = s->met[server * s->most_together + k];
        s->out->ended_s[need] = s->now;
        s->out->outcome[need] = SERVED;
    }
    s->left -= s->met_count[server];
    leave_table(s, server, s->at[server]);
}

static void happens(State *s, int64_t event, int64_t number) {
    switch (event) {
    case DONE: done(s, number); break;
    case ARRIVED: arrived(s, number); break;
    case ON_SHIFT: decide(s, number); break;
    case ASKED:
        if (s->out->known_s[number] == INFINITY && s->out->outcome[number] == OPEN) {
            forget_unknown(s, number);
            becomes_known(s, number);
        }
        break;
    case OFFERED: wake(s, number); break;
    case GIVES_UP: gives_up(s, number); break;
    case LOOK:
        if (s->doing[number] == IDLE && s->now >= s->looked_s[number] + s->policy->cadence_s)
            decide(s, number);
    }
}

static void loop(State *s, double closes_s) {
    const Needs *n = s->needs;
    while (s->left) {
        Event next = {INFINITY, INT64_MAX};
        int from = 0;
        if (s->size) { next = s->heap[0]; from = 1; }
        if (s->reads < n->count) {
            Event need = {n->created_s[s->reads], (int64_t)NEED << 40 | s->reads};
            if (earlier(need, next)) { next = need; from = 2; }
        }
        if (s->offer < s->offers && earlier(s->offered[s->offer], next)) {
            next = s->offered[s->offer];
            from = 3;
        }
        if (!from || next.at > closes_s || next.at == INFINITY) return;
        s->now = next.at;
        if (from == 2) { need_comes(s, s->reads++); continue; }
        if (from == 3) s->offer++; else pop(s);
        happens(s, next.what >> 40, next.what & 0xffffffffffll);
    }
}

#define ZEROES(count, of) calloc((size_t)(count) + 1, sizeof(of))

/* What the walks of a floor come to, once for all its runs; NULL for one that is too large. */
Walks *lay_out(const Floor *f) {
    if (f->nodes > 64) return NULL;
    Walks *w = malloc(sizeof(Walks));
    int64_t n = f->nodes;
    w->fetch = ZEROES(n * n, int64_t);
    w->fetch_s = ZEROES(n * n, double);
    w->sight = ZEROES(n * n, uint64_t);
    w->own_tables = ZEROES(f->servers, uint64_t);
    w->is_station = ZEROES(n, uint8_t);
    for (int64_t k = 0; k < f->stations; k++) w->is_station[f->station[k]] = 1;
    for (int64_t a = 0; a < n; a++)
        for (int64_t b = 0; b < n; b++) {
            const double *walk_s = f->walk_s;
            double least = INFINITY;
            for (int64_t k = 0; k < f->stations; k++) {
                int64_t via = f->station[k];
                double far = via == a ? walk_s[a * n + b] : walk_s[a * n + via] + walk_s[via * n + b];
                if (far < least) {
                    least = far;
                    w->fetch[a * n + b] = via;
                    w->fetch_s[a * n + b] = far;
                }
            }
            for (int64_t k = 0; k < n; k++)
                if (walk_s[a * n + k] + walk_s[k * n + b] - walk_s[a * n + b] <= f->look_s + EPSILON_S)
                    w->sight[a * n + b] |= 1ull << k;
        }
    for (int64_t node = 0; node < n; node++)
        if (f->owner[node] >= 0) w->own_tables[f->owner[node]] |= 1ull << node;
    return w;
}

void release(Walks *w) {
    free(w->fetch); free(w->fetch_s); free(w->sight); free(w->own_tables); free(w->is_station);
    free(w);
}

void run_floor(const Floor *f, const Walks *w, const Policy *p, const Needs *n, const Out *out,
               double closes_s) {
    State s = {.floor = f, .policy = p, .needs = n, .out = out, .left = n->count, .room = 1024};
    int64_t lists = f->servers + 1;
    for (int64_t k = 0; k < f->kinds; k++)
        if (f->together[k] > s.most_together) s.most_together = f->together[k];
    s.heap = malloc(s.room * sizeof(Event));
    int64_t *ints = ZEROES(3 * n->count + 2 * lists + f->nodes, int64_t);
    s.next = ints; s.before = ints + n->count; s.unknown_next = s.before + n->count;
    s.head = s.unknown_next + n->count; s.tail = s.head + lists; s.unknown = s.tail + lists;
    memset(s.head, -1, (2 * lists + f->nodes) * sizeof(int64_t));
    s.is_open = ZEROES(n->count, uint8_t);
    s.offered = ZEROES(n->count, Event);
    int64_t *seats = ZEROES(9 * f->servers + f->servers * (f->items + s.most_together) + f->nodes, int64_t);
    s.at = seats; s.doing = s.at + f->servers; s.going_for = s.doing + f->servers;
    s.start = s.going_for + f->servers; s.via = s.start + f->servers; s.round = s.via + f->servers;
    s.round_end = s.round + f->servers; s.met_count = s.round_end + f->servers;
    s.carries = s.met_count + f->servers; s.met = s.carries + f->servers * f->items;
    s.locks = s.met + f->servers * s.most_together;
    s.looked_s = ZEROES(2 * f->servers, double); s.look_pushed_s = s.looked_s + f->servers;
    s.fetch = w->fetch; s.fetch_s = w->fetch_s; s.sight = w->sight;
    s.own_tables = w->own_tables; s.is_station = w->is_station;
    for (int64_t need = 0; need < n->count; need++) {
        out->known_s[need] = out->started_s[need] = out->ended_s[need] = INFINITY;
        out->server[need] = out->trip[need] = -1;
        out->outcome[need] = OPEN;
    }
    for (int64_t k = 0; k < f->servers; k++) {
        s.at[k] = f->home[k];
        s.going_for[k] = -1;
        s.looked_s[k] = f->starts_s[k];
        s.look_pushed_s[k] = -INFINITY;
        push(&s, f->starts_s[k], ON_SHIFT, k);
    }
    loop(&s, closes_s);
    free(s.heap); free(ints); free(s.is_open); free(s.offered); free(seats); free(s.looked_s);
}
