import pytest, time
from statistics import median
from tests.floor.played import looking_in_every, played
from tests.floor.test_replay import floor
from upturn.floor.models import *
from upturn.floor import commands
from upturn.house.shift_phones import Way
from upturn.floor.engine.grid import grid
from upturn.floor.engine.shapes import Durations, Floor, NeedType
from tests.floor.drawn import with_name
pytestmark = pytest.mark.django_db
fl=with_name(grid(sections=3, tables=3, need_types=(NeedType("crumbs", 4.0, Durations(15.0), asks_after=Durations(1500.0)),)))
@pytest.mark.parametrize("seed",[1,2,3])
@pytest.mark.parametrize("c",[240.,480.,960.,"one"])
def test_x(c,seed):
    t=time.time()
    if c=="one":
        playing, beside = played(fl, seed=seed, way=Way.ONE_AT_A_TIME)
    else:
        with looking_in_every(c):
            playing, beside = played(fl, seed=seed)
    crumbs = [one for one in playing.hour.arisings if one.kind == "crumbs"]
    ends_s = playing.hour.seconds
    truth = median(min(playing.known.get(one.number, ends_s), ends_s) - one.at_s for one in crumbs)
    wb=Shift.objects.get().walk_bys
    s=commands.close_shift(beside.lead,beside.shift,now=beside.now).summary['totals']
    print("\n",c,seed,round(time.time()-t,1),"truth",round(truth),len(crumbs),{k:s[k] for k in ('needs','met','before_asked','to_notice','walk_bys')},wb,playing.met)
def test_rows():
    with looking_in_every(480.):
        playing, beside = played(fl, seed=1)
    for n in ShiftNeed.objects.all()[:80]:
        print("row", n.ref, n.place, n.kind, n.source, n.asked, n.state, n.raised_s, n.noticed_s, n.done_s)
    from upturn.floor.models import memory
    print("row", {k:(v.at,v.hands,v.claims,v.declined) for k,v in memory.of(beside.shift.ref).seats.items()}, beside.now_s)
    for s in beside.holders: print("row", s, beside.round(s))
    from upturn.floor.queries.rhythm import opportunities_of
    from upturn.floor.queries.rounds import standing_of
    st=standing_of(beside.shift.ref, now=beside.now)
    print("row", len(opportunities_of(st)), st.looked if hasattr(st,'looked') else None)
    beside.lookouts.look(beside.now); print("row", ShiftNeed.objects.count())
