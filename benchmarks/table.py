"""A comparison as Markdown, as in README.md."""

GOALS = {"std::normal_distribution loop": 14, "NumPy": 12, "over 1": 1.8}
STARTUP_GOAL = 0.05  # seconds


def goal_for(name):
    """The goal whose name is a part of the ratio's."""
    return next((f"≥ {goal}" for part, goal in GOALS.items() if part in name), "")


def speeds(contenders):
    yield "| contender | 10⁶ path-steps/s, median | min–max | E log \\|x\\| |"
    yield "|---|---|---|---|"
    for name, row in contenders.items():
        speed = {key: value / 1e6 for key, value in row["speed"].items()}
        yield (f"| {name} | {speed['median']:.1f} | {speed['min']:.1f}–{speed['max']:.1f} | "
               f"{row['mean_log_abs']:.4f} ± {row['standard_error']:.4f} |")


def ratios(rows):
    yield "| ratio, round by round | median | min–max | goal |"
    yield "|---|---|---|---|"
    for name, row in rows.items():
        yield f"| {name} | {row['median']:.2f} | {row['min']:.2f}–{row['max']:.2f} | {goal_for(name)} |"


def startup(seconds):
    median, least, most = (f"{1e3 * seconds[key]:.1f}" for key in ("median", "min", "max"))
    return (f"Start-up (1000 paths of 100 steps, whole process): {median} ms ({least}–{most}), "
            f"goal < {1e3 * STARTUP_GOAL:.0f} ms.")


def circumstances(result):
    machine, busy = result["machine"], result["cores_busy_with_others"]
    return (f"{machine['cpu']} (family/model {machine['cpu_family_model']}), {machine['cores']} cores, "
            f"{machine['vectors']}; {result['build']['compiler']}; {result['rounds']} rounds, in which other processes "
            f"kept {busy['during']:.2f} cores busy; largest disagreement {result['largest_z']:.1f} standard errors.")


def markdown(result):
    return "\n".join([*speeds(result["contenders"]), "", *ratios(result["ratios"]), "",
                      startup(result["startup_seconds"]), "", circumstances(result)])
