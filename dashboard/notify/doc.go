// Package notify tells the robots of DingTalk, Feishu and WeCom what Alertmanager sends. No maintained receiver covers all
// three, and Alertmanager's own webhook takes a robot's error, which comes with HTTP 200, for success. Only what an alert is
// labelled with for people leaves: never a customer's name, number or text.
package notify
