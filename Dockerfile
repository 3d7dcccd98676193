# syntax=docker/dockerfile:1
# Two stages: everything is installed and the model prepared in the first; the second has neither pip's cache nor sources.
# Other models than the bundled one need torch: docker build --build-arg TORCH=with --build-arg PIP_EXTRA_INDEX_URL=... (docs/install.md)

FROM python:3.11-slim-bookworm AS build
ARG PIP_EXTRA_INDEX_URL=""
ARG TORCH=without
WORKDIR /src
RUN python -m venv /opt/yunwen
ENV PATH=/opt/yunwen/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements-first.lock requirements-torch.lock requirements.lock ./
RUN pip install --no-deps --no-build-isolation --require-hashes -r requirements-first.lock
RUN [ "$TORCH" = without ] || pip install --no-deps --no-build-isolation --require-hashes -r requirements-torch.lock
RUN pip install --no-deps --no-build-isolation --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY embeddings embeddings
COPY retrieval retrieval
COPY bot bot
RUN pip install --no-deps --no-build-isolation .
RUN YUNWEN_CACHE=/var/cache/yunwen yunwen prepare

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --user-group --home-dir /var/lib/yunwen --create-home yunwen \
    && install -d -o yunwen -g yunwen /var/cache/yunwen
COPY --from=build /opt/yunwen /opt/yunwen
COPY --from=build --chown=yunwen:yunwen /var/cache/yunwen /var/cache/yunwen
ENV PATH=/opt/yunwen/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    YUNWEN_HOME=/var/lib/yunwen YUNWEN_CACHE=/var/cache/yunwen
WORKDIR /var/lib/yunwen
USER yunwen
VOLUME ["/var/lib/yunwen", "/var/cache/yunwen"]
# the bot that dies ends the container; this sees a database that cannot be read
HEALTHCHECK --interval=60s --timeout=20s --start-period=120s CMD ["yunwen", "status", "--json"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["yunwen"]
CMD ["bot"]
