"""What is asked of each library, of the peers: `peers.py QUESTION FILE`, with the Python of their environment.

pm4py is AGPL: it is measured against and never imported by Backdesk.
"""

# mypy: ignore-errors
import atexit
import gc
import json
import sys
import time

atexit.register(gc.freeze)  # as ours
CASE, ACTIVITY, TIME, PERSON = "case:concept:name", "concept:name", "time:timestamp", "org:resource"
OFFICE = [((day * 24 + 8) * 3600, (day * 24 + 17) * 3600) for day in range(5)]
seconds, since = {}, time.perf_counter()


def done(part):
    global since
    now = time.perf_counter()
    seconds[part], since = now - since, now


def pm4py_figures(file):
    import pandas
    import pm4py

    done("import")
    frame = pandas.read_csv(file)
    frame[TIME] = pandas.to_datetime(frame[TIME], utc=True, format="ISO8601")
    log = pm4py.format_dataframe(frame, case_id=CASE, activity_key=ACTIVITY, timestamp_key=TIME)
    done("read")
    pairs, starts, ends = pm4py.discover_dfg(log)
    lasting, _, _ = pm4py.discover_performance_dfg(log)
    variants = pm4py.get_variants(log)
    hours = [one / 3600 for one in pm4py.get_all_case_durations(log)]
    most = max(pairs, key=pairs.get)
    found = {
        "cases": len(hours),
        "events": len(log),
        "activities": len(pm4py.get_event_attribute_values(log, ACTIVITY)),
        "people": len(pm4py.get_event_attribute_values(log, PERSON)),
        "pairs": sum(pairs.values()),
        "edges": len(pairs),
        "mean_seconds_of_first_edge": round(lasting[most]["mean"], 3),
        "variants": len(variants),
        "mean_hours": round(sum(hours) / len(hours), 4),
        "median_hours": round(sorted(hours)[len(hours) // 2], 4)
        if len(hours) % 2
        else round(sum(sorted(hours)[len(hours) // 2 - 1 : len(hours) // 2 + 1]) / 2, 4),
        "begin_with": len(starts),
        "end_with": len(ends),
    }
    done("rest")
    return found


def pm4py_reading(file, variant="iterparse"):
    import pm4py

    done("import")
    log = pm4py.read_xes(file, variant=variant)
    found = {"cases": log[CASE].nunique(), "events": len(log)}
    done("rest")
    return found


def r4pm_reading(file):
    import r4pm

    done("import")
    log, _ = r4pm.df.import_xes(file)
    found = {"cases": log[CASE].n_unique(), "events": len(log)}
    done("rest")
    return found


def rustxes_reading(file):
    import rustxes

    done("import")
    log, *_ = rustxes.import_xes(file)
    found = {"cases": log[CASE].n_unique(), "events": len(log)}
    done("rest")
    return found


def pm4py_business_hours(file):
    import pm4py

    done("import")
    log = pm4py.read_xes(file, variant="rustxes")
    done("read")
    hours = [
        one / 3600
        for one in pm4py.get_all_case_durations(log, business_hours=True, business_hour_slots=OFFICE)
    ]
    found = {"cases": len(hours), "mean_hours": round(sum(hours) / len(hours), 4)}
    done("rest")
    return found


def pix_enabled(file):
    from pix_framework.enhancement.concurrency_oracle import HeuristicsConcurrencyOracle
    from pix_framework.enhancement.start_time_estimator.config import Configuration
    from pix_framework.io.event_log import EventLogIDs, read_csv_log

    done("import")
    ids = EventLogIDs(
        case="case_id",
        activity="activity",
        resource="resource",
        start_time="start_time",
        end_time="end_time",
    )
    log = read_csv_log(file, ids)
    done("read")
    oracle = HeuristicsConcurrencyOracle(log, Configuration(log_ids=ids, consider_start_times=True))
    oracle.add_enabled_times(log)
    waited = (log[ids.start_time] - log[ids.enabled_time]).dt.total_seconds()
    done("rest")
    log[[ids.case, ids.activity, ids.start_time, ids.end_time, ids.enabled_time]].astype(
        {ids.case: "string"}
    ).to_parquet(file.removesuffix(".csv.gz").removesuffix(".csv") + ".pix")
    return {"steps": len(log), "waited_hours": round(float(waited.sum()) / 3600, 1)}


if __name__ == "__main__":
    found = globals()[sys.argv[1]](sys.argv[2])
    print(json.dumps({"found": found, **seconds}))
