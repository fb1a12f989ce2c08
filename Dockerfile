# Tallywire: one image for every stage; the command says which.

# The whole Python image, because some dependencies have no wheels for every machine and are compiled.
FROM python:3.11.13-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/tallywire
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN /opt/tallywire/bin/pip install --require-hashes --no-deps -r requirements.txt \
    && pip install --require-hashes --no-deps -r requirements-build.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY contracts contracts
COPY producers producers
COPY processors processors
COPY sinks sinks
COPY tallywire tallywire
# The build makes the gazetteer out of packages that are dependencies too, and downloads the sentence encoder.
RUN PYTHONPATH=$(echo /opt/tallywire/lib/python*/site-packages) \
    pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/tallywire/bin/pip install --no-deps --no-index /dist/tallywire-*.whl

FROM python:3.11.13-slim-bookworm
LABEL org.opencontainers.image.title="Tallywire" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 tallywire \
    && useradd --system --uid 10001 --gid tallywire --home-dir /nonexistent --no-create-home tallywire
COPY --from=build /opt/tallywire /opt/tallywire
ENV PATH=/opt/tallywire/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["tallywire"]
