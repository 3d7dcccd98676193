"""What is known of each chat: settings, subscriptions, standing questions, answers, feedback; one SQL database."""
