package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"wenguo/dashboard/account"
)

func newAccount() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "account",
		Short: "Say who may sign in: add, list, change, disable, password, token",
		Long: `Works on the accounts of the data folder, also while wenguo runs on it. docs/accounts.md describes roles and links.
Everything it changes stands in the audit log, under the name of who runs it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAccountAdd(), newAccountList(), newAccountDisable(), newAccountPassword(), newAccountToken())
	return cmd
}

// onBook makes a command that works on the book of accounts.
func onBook(cmd *cobra.Command, work func(cmd *cobra.Command, book *account.Book, args []string) error) *cobra.Command {
	load := configFlags(cmd.Flags())
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		cfg, err := load()
		if err != nil {
			return err
		}
		if _, err := os.Stat(cfg.Data); err != nil {
			return fmt.Errorf("data folder: %w", err)
		}
		book, err := openBook(cmd.Context(), cfg)
		if err != nil {
			return err
		}
		return errors.Join(work(cmd, book, args), book.Close())
	}
	return cmd
}

// noteAccount keeps in the audit log what was done here.
func noteAccount(cmd *cobra.Command, book *account.Book, object, detail string) error {
	who := "?"
	if u, err := user.Current(); err == nil {
		who = u.Username
	}
	if err := book.Note(cmd.Context(), account.Entry{Who: "wenguo account (" + who + ")", Action: "account", Object: object, Detail: detail}); err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	return nil
}

func newAccountAdd() *cobra.Command {
	cmd := &cobra.Command{Use: "add LOGIN", Short: "Add an account and print a one-time link, or take its password from standard input", Args: arguments(1, "add takes one LOGIN")}
	name := cmd.Flags().String("name", "", "the person's name")
	role := cmd.Flags().String("role", "", "executive, committee, analyst, department, operations or administrator")
	departments := cmd.Flags().StringSlice("department", nil, "the departments whose rows the role department sees")
	stdin := cmd.Flags().Bool("password-stdin", false, "read the password's line from standard input")
	return onBook(cmd, func(cmd *cobra.Command, book *account.Book, args []string) error {
		parsed, err := account.ParseRole(*role)
		if err != nil {
			return usageError{fmt.Errorf("--role: %w", err)}
		}
		password, err := passwordFrom(cmd.InOrStdin(), *stdin)
		if err != nil {
			return err
		}
		a, err := book.Add(cmd.Context(), account.Person{Login: args[0], Name: *name, Role: parsed, Departments: *departments}, password)
		if err != nil {
			return fmt.Errorf("add account: %w", err)
		}
		if err := noteAccount(cmd, book, a.Login, "add "+string(a.Role)+" "+strings.Join(a.Departments, ",")); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(cmd.OutOrStdout(), "%s  %s %s\n", a.Login, a.Role, a.Role.Name())
		if password != "" {
			return nil
		}
		return printLink(cmd, book, a)
	})
}

// printLink gives the path by which a person sets a password.
func printLink(cmd *cobra.Command, book *account.Book, a account.Account) error {
	link, err := book.Link(cmd.Context(), a.ID)
	if err != nil {
		return fmt.Errorf("one-time link: %w", err)
	}
	_, _ = fmt.Fprintf(cmd.OutOrStdout(), "一次性链接 one-time link, behind the address of the pages, for %s:\n/welcome/%s\n", book.Config().LinkAge, link)
	return nil
}

// passwordFrom reads one line where it is wanted.
func passwordFrom(in io.Reader, wanted bool) (string, error) {
	if !wanted {
		return "", nil
	}
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read password: %w", err)
	}
	password := strings.TrimRight(line, "\r\n")
	if password == "" {
		return "", errors.New("standard input holds no password")
	}
	return password, nil
}

func newAccountList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the accounts", Args: cobra.NoArgs}
	return onBook(cmd, func(cmd *cobra.Command, book *account.Book, _ []string) error {
		all, err := book.All(cmd.Context())
		if err != nil {
			return fmt.Errorf("list accounts: %w", err)
		}
		table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
		_, _ = fmt.Fprintln(table, "login\tname\trole\tdepartments\tstate")
		for _, a := range all {
			state := "password"
			switch {
			case a.Disabled:
				state = "disabled"
			case a.Foreign:
				state = "provider"
			case !a.HasPassword:
				state = "invited"
			}
			_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", a.Login, a.Name, a.Role, strings.Join(a.Departments, ","), state)
		}
		if err := table.Flush(); err != nil {
			return fmt.Errorf("print: %w", err)
		}
		return nil
	})
}

func newAccountDisable() *cobra.Command {
	cmd := &cobra.Command{Use: "disable LOGIN", Short: "Let nobody in by an account any more, and end its sessions", Args: arguments(1, "disable takes one LOGIN")}
	undo := cmd.Flags().Bool("undo", false, "enable it again")
	return onBook(cmd, func(cmd *cobra.Command, book *account.Book, args []string) error {
		a, err := book.ByLogin(cmd.Context(), args[0])
		if err == nil {
			err = book.Change(cmd.Context(), a.ID, a.Person, !*undo)
		}
		if err != nil {
			return fmt.Errorf("disable %s: %w", args[0], err)
		}
		return noteAccount(cmd, book, a.Login, map[bool]string{true: "enable", false: "disable"}[*undo])
	})
}

func newAccountPassword() *cobra.Command {
	cmd := &cobra.Command{Use: "password LOGIN", Short: "Print a one-time link for a new password, or take it from standard input", Args: arguments(1, "password takes one LOGIN")}
	stdin := cmd.Flags().Bool("password-stdin", false, "read the password's line from standard input")
	return onBook(cmd, func(cmd *cobra.Command, book *account.Book, args []string) error {
		a, err := book.ByLogin(cmd.Context(), args[0])
		if err != nil {
			return fmt.Errorf("password of %s: %w", args[0], err)
		}
		password, err := passwordFrom(cmd.InOrStdin(), *stdin)
		if err != nil {
			return err
		}
		if password == "" {
			if err := noteAccount(cmd, book, a.Login, "link"); err != nil {
				return err
			}
			return printLink(cmd, book, a)
		}
		if err := book.SetPassword(cmd.Context(), a.ID, password, ""); err != nil {
			return fmt.Errorf("password of %s: %w", args[0], err)
		}
		return noteAccount(cmd, book, a.Login, "password")
	})
}

func newAccountToken() *cobra.Command {
	cmd := &cobra.Command{Use: "token LOGIN", Short: "Make an API token of an account and print it once", Args: arguments(1, "token takes one LOGIN")}
	name := cmd.Flags().String("name", "", "what the token is for")
	scopes := cmd.Flags().StringSlice("scope", []string{string(account.Figures)}, "what it may do: "+strings.Join(scopeNames(), ", "))
	life := cmd.Flags().Duration("life", 90*24*time.Hour, "how long it works, a year at most")
	return onBook(cmd, func(cmd *cobra.Command, book *account.Book, args []string) error {
		a, err := book.ByLogin(cmd.Context(), args[0])
		if err != nil {
			return fmt.Errorf("token of %s: %w", args[0], err)
		}
		var actions []account.Action
		for _, s := range *scopes {
			if !slices.Contains(account.TokenActions(), account.Action(s)) {
				return usageError{fmt.Errorf("--scope %q is none of %s", s, strings.Join(scopeNames(), ", "))}
			}
			actions = append(actions, account.Action(s))
		}
		text, t, err := book.NewToken(cmd.Context(), a.ID, *name, actions, *life)
		if err != nil {
			return fmt.Errorf("token of %s: %w", args[0], err)
		}
		if err := noteAccount(cmd, book, a.Login, "token "+t.ID+" "+strings.Join(*scopes, ",")); err != nil {
			return err
		}
		_, _ = fmt.Fprintln(cmd.OutOrStdout(), text)
		return nil
	})
}

func scopeNames() []string {
	var out []string
	for _, a := range account.TokenActions() {
		out = append(out, string(a))
	}
	return out
}
