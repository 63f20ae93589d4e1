# syntax=docker/dockerfile:1
# Two images: the default, `server`, for a ClickHouse server (UPTAKE_CLICKHOUSE_DSN); `embedded` brings the engine along:
#   docker build -t uptake .
#   docker build -t uptake:embedded --target embedded .

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/uptake ./cmd/uptake \
 && mkdir -p /out/data

# npm is the delivery of the engine, nothing of Node runs. The engine exists for linux/amd64.
FROM node:20-bookworm-slim AS engine
WORKDIR /engine
COPY package.json package-lock.json .npmrc ./
RUN npm ci && test -f node_modules/@chdb/lib-linux-x64-gnu/libchdb.so

# glibc is needed in both: the library of the engine is loaded at run time, without cgo.
FROM debian:bookworm-slim AS base
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=build /out/uptake /usr/local/bin/uptake
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV UPTAKE_DATA=/data UPTAKE_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["uptake"]
CMD ["serve"]

FROM base AS embedded
COPY --from=engine /engine/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so /usr/local/bin/libchdb.so

FROM base AS server
