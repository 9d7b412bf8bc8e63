// FerretDB with its SQLite backend, as a second server of MongoDB's protocol for the tests of the ledger's store.
//
//	ferretdb ADDRESS FOLDER
//
// It serves ADDRESS (host:port) and keeps its files in FOLDER, which exists. FerretDB's own program cannot be built as
// a dependency: it insists on files that only its release process makes.
package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 3 {
		slog.Error("usage: ferretdb ADDRESS FOLDER")
		os.Exit(2)
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: os.Args[1]},
		Logger:    logger,
		Handler:   "sqlite",
		SQLiteURL: "file:" + filepath.Clean(os.Args[2]) + "/",
	})
	if err != nil {
		logger.Error("FerretDB cannot start", "error", err)
		os.Exit(1)
	}
	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := server.Run(ended); err != nil {
		logger.Error("FerretDB ended", "error", err)
	}
}
