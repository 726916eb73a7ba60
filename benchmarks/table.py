"""A comparison as Markdown, as in README.md."""

STARTUP_GOAL = 0.05  # seconds
WORDS = {"mean_log_abs": "E log \\|x\\|", "left": "left", "mean_exit_step": "mean exit step"}


def spread(value, format):
    return f"{value['median']:{format}} | {value['min']:{format}}–{value['max']:{format}}"


def speeds(rows):
    """The table of one workload."""
    names = list(rows[0]["estimates"])
    yield f"| contender | 10⁶ path-steps/s, median | min–max | compile, s | {' | '.join(WORDS[n] for n in names)} |"
    yield "|---" * (4 + len(names)) + "|"
    for row in rows:
        speed = {key: value / 1e6 for key, value in row["speed"].items()}
        compiling = row["compile_seconds"]["median"]
        estimates = (f"{e['value']:.4f} ± {e['standard_error']:.4f}" for e in row["estimates"].values())
        yield (f"| {row['contender']} | {spread(speed, '.1f')} | {f'{compiling:.1f}' if compiling else ''} | "
               f"{' | '.join(estimates)} |")


def all_speeds(result):
    for name, words in result["workloads"].items():
        if rows := [row for row in result["rows"] if row["workload"] == name]:
            yield from (f"**{name}** {words}", "", *speeds(rows), "")


def ratios(rows):
    yield "| ratio, round by round | median | min–max | goal | |"
    yield "|---|---|---|---|---|"
    for row in rows:
        goal = f"≥ {row['goal']:g}" if row["goal"] else ""
        yield f"| {row['fast']}, over {short(row)} | {spread(row, '.2f')} | {goal} | {verdict(row)} |"


def verdict(row):
    """A goal is met or missed only where all rounds say so: one interrupted round must not decide."""
    if not row["goal"]:
        return ""
    return "met" if row["min"] >= row["goal"] else "missed" if row["max"] < row["goal"] else "unclear"


def short(row):
    """The slower contender, with its workload only where it is another one."""
    workload = row["fast"].split(": ")[0]
    return row["slow"].removeprefix(f"{workload}: ")


def startup(seconds):
    median, least, most = (f"{1e3 * seconds[key]:.1f}" for key in ("median", "min", "max"))
    return (f"Start-up (1000 paths of 100 steps, whole process): {median} ms ({least}–{most}), "
            f"goal < {1e3 * STARTUP_GOAL:.0f} ms.")


def circumstances(result):
    machine, busy, agreement = result["machine"], result["cores_busy_with_others"], result["agreement"]
    return (f"{machine['cpu']} (family/model {machine['cpu_family_model']}), {machine['cores']} cores, "
            f"{machine['vectors']}; {result['build']['compiler']}; {result['rounds']} rounds, in which other processes "
            f"kept {busy['during']:.2f} cores busy; largest of {agreement['tests']} differences "
            f"{agreement['largest_z']:.1f} standard errors (limit {agreement['limit']:.1f}).")


def left_out(reasons):
    """One line for each reason."""
    if reasons:
        yield from ("Left out:", "")
    for reason in dict.fromkeys(reasons.values()):
        yield f"- {'; '.join(name for name, why in reasons.items() if why == reason)}: {reason}"
    if reasons:
        yield ""


def markdown(result):
    return "\n".join([*all_speeds(result), *ratios(result["ratios"]), "", *left_out(result["left_out"]),
                      startup(result["startup_seconds"]), "", circumstances(result)])
