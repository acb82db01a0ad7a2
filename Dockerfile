# One image for every process; compose.yaml says which command each container runs.
# Package indexes and proxies come from the build arguments that Docker knows by itself (HTTP_PROXY …)
# and from PIP_INDEX_URL.

# --- styles, scripts, icons, fonts ---
FROM node:24-trixie-slim AS assets
WORKDIR /zalicz
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY scripts/copy_assets.mjs scripts/
COPY web web
RUN node scripts/copy_assets.mjs

# --- Python packages, each checked by its hash ---
FROM python:3.13-slim-trixie AS packages
ARG PIP_INDEX_URL
ENV UV_DEFAULT_INDEX=$PIP_INDEX_URL UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
COPY scripts/uv.lock.txt requirements.lock /tmp/
RUN pip install --no-cache-dir --no-deps --require-hashes --target /tmp/uv --requirement /tmp/uv.lock.txt \
    && python -m venv --without-pip /opt/venv \
    && if [ -z "$UV_DEFAULT_INDEX" ]; then unset UV_DEFAULT_INDEX; fi \
    && VIRTUAL_ENV=/opt/venv /tmp/uv/bin/uv pip sync --no-cache --require-hashes /tmp/requirements.lock

# --- the product ---
FROM python:3.13-slim-trixie
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        tesseract-ocr tesseract-ocr-pol tesseract-ocr-deu tesseract-ocr-eng libgl1 libglib2.0-0t64 libxcb1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --home-dir /zalicz --no-create-home zalicz \
    && install --directory --owner=zalicz --group=zalicz /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /zalicz
COPY --from=assets /zalicz/web/static/vendor web/static/vendor
COPY . .
# One core a reader: engines that start threads of their own only fight each other.
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LOG_FORMAT=json \
    DATA_DIR=/data HOST=0.0.0.0 PORT=8000 \
    OMP_THREAD_LIMIT=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
USER zalicz
EXPOSE 8000
ENTRYPOINT ["python", "-m", "workers"]
CMD ["web"]
