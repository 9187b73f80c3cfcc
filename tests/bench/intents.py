"""Row 10 of the benchmarks: how well intents are understood, against Rasa's default taught the same.

Run alone: python -m tests.bench.intents. With HYS_EVAL_DATA it measures CLINC150 as well.
"""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from app.rasa_environment import RASA_PROJECT, RasaEnvironment
from app.training import set_up_rasa
from core.settings import HERE, Settings
from tests.bench.rows import Row, Spread
from tests.bench.understanding import Figures, measure

ASKED = HERE / "tests" / "bot" / "data" / "held_out_messages.yml"
THEIRS = Path(__file__).with_name("default_pipeline.yml")
CLINC = "clinc150/data.csv"
CLINC_SCRIPT = Path(__file__).with_name("clinc_on_rasas_python.py")
SECONDS_TO_TRAIN = 3600


def measure_intents(files: tuple[Path, ...] = (ASKED,)) -> list[Row]:
    """Teach both pipelines, one after the other, and let both understand the same messages."""
    environment, _ = set_up_rasa(Settings(), Console(stderr=True))
    with TemporaryDirectory() as folder:
        our_model, our_seconds = _teach(environment, HERE / "config.yml", Path(folder, "ours"))
        their_model, their_seconds = _teach(environment, THEIRS, Path(folder, "theirs"))
        ours, theirs = (measure(files, model)[0] for model in (our_model, their_model))
    return rows_of(ours, theirs, our_seconds, their_seconds)


def rows_of(ours: Figures, theirs: Figures, our_seconds: float, their_seconds: float) -> list[Row]:
    """Give row 10: better in both, in at most a fifth of the time."""
    compared = {
        "best guess right, %": (ours.best_guess_right, theirs.best_guess_right),
        "macro-F1, %": (ours.macro_f1, theirs.macro_f1),
    }
    return [
        *(
            Row(10, f"intents: {what}", Spread.of([a * 100]), Spread.of([b * 100]), 1.0)
            for what, (a, b) in compared.items()
        ),
        Row(
            10,
            "intents: s to train",
            Spread.of([our_seconds]),
            Spread.of([their_seconds]),
            5.0,
            is_less_better=True,
        ),
    ]


def measure_clinc(data: Path) -> Mapping[str, float]:
    """Measure our classifier on CLINC150: shares right inside and seen to be outside."""
    environment, _ = set_up_rasa(Settings(), Console(stderr=True))
    done = subprocess.run(
        [str(environment.python), str(CLINC_SCRIPT), str(data / CLINC)],
        cwd=HERE,
        env=environment.variables(),
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _teach(environment: RasaEnvironment, config: Path, out: Path) -> tuple[Path, float]:
    """Train what understands, nothing else, without Rasa's cache; give the model and the seconds."""
    command = [str(environment.python), "-m", "rasa", "train", "nlu", "--config", str(config), "--nlu"]
    command += [str(HERE / "data" / "training" / "nlu"), "--domain", str(HERE / "bot" / "domain")]
    command += ["--out", str(out), "--fixed-model-name", "model"]
    said = environment.variables(RASA_CACHE_DIRECTORY=str(out / "cache"))
    began = time.perf_counter()
    subprocess.run(
        command, cwd=RASA_PROJECT, env=said, check=True, capture_output=True, timeout=SECONDS_TO_TRAIN
    )
    return out / "model.tar.gz", time.perf_counter() - began


def main() -> None:
    """Print row 10, and CLINC150 where its data is."""
    if data := Settings().hys_eval_data:
        sys.stdout.write(f"CLINC150: {dict(measure_clinc(data))}\n")
    for row in measure_intents():
        sys.stdout.write(
            f"{row.measure}: {row.ours} against {row.theirs}; {'met' if row.is_met else 'missed'}\n"
        )


if __name__ == "__main__":
    main()
