from tests.attacks.test_canaries import *
import collections
def test_all(scene):
    for role in ROLES:
        got=collections.defaultdict(set); n=0
        for a,t in crawl(scene, scene.client(role)):
            n+=1
            for w in CANARY.findall(t): got[w.replace("x"," ")].add(a)
        print("==",role,n)
        for k in sorted(got): print("   ",k,":",sorted(got[k])[:3])
    assert 0
